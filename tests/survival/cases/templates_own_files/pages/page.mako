<%inherit file="base.mako"/>
<h1>${title | h}</h1>
% for row in rows:
<p>${row}</p>
% endfor
