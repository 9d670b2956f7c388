# requires: django==5.2.7
# ci: yes
# Settings in code, models on SQLite, migrations of its own apps, users, forms, templates, a view, translation.
import json

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.humanize",
        "django.contrib.messages",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="k",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    USE_TZ=True,
)
django.setup()

from django import forms  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import translation  # noqa: E402


class Book(models.Model):
    title = models.CharField(max_length=20)
    pages = models.IntegerField(default=0)
    owner = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        app_label = "shop"


class BookForm(forms.Form):
    title = forms.CharField(max_length=5)
    mail = forms.EmailField(required=False)


def books(request):
    return JsonResponse(list(Book.objects.filter(pages__gt=1).values("title", "owner__username")), safe=False)


urlpatterns = [path("books/", books), path("admin/", admin.site.urls)]


def handler(event, context):
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Book)
    user = User.objects.create_superuser("ann", "a@example.com", "secret")
    user.groups.add(Group.objects.create(name="g"))
    Book.objects.bulk_create(Book(title=f"t{n}", pages=n, owner=user) for n in range(4))
    sums = Book.objects.aggregate(models.Sum("pages"), models.Max("title"))
    client = Client()
    answer = json.loads(client.get("/books/").content)
    client.login(username="ann", password="secret")
    page = client.get("/admin/auth/user/")
    template = Template("{% load humanize i18n %}{{ n|intcomma }} {% translate 'Yes' %} {{ d|date:'F' }}")
    import datetime

    with translation.override("de"):
        text = template.render(Context({"n": 1234567, "d": datetime.date(2024, 3, 1)}))
    form = BookForm({"title": "too long", "mail": "x"})
    try:
        User(username="").full_clean()
        error = None
    except ValidationError as caught:
        error = sorted(caught.message_dict)
    status = [page.status_code, b"ann" in page.content]
    return [answer, sums, status, text, form.errors.get_json_data(), error, str(form.as_p())]
