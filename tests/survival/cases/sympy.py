# requires: sympy==1.14.0
# Algebra, calculus, printers, a parser, lambdify by module name.
import sympy
from sympy.parsing.sympy_parser import implicit_multiplication_application, parse_expr, standard_transformations
from sympy.utilities.codegen import codegen


def handler(event, context):
    x, y = sympy.symbols("x y")
    parsed = parse_expr("2x sin(x)", transformations=standard_transformations + (implicit_multiplication_application,))
    result = {
        "solve": str(sympy.solve(x**2 - 2, x)),
        "integral": str(sympy.integrate(parsed, x)),
        "limit": str(sympy.limit(sympy.sin(x) / x, x, 0)),
        "series": str(sympy.series(sympy.exp(x), x, 0, 4)),
        "matrix": str(sympy.Matrix([[2, 1], [1, 2]]).eigenvals()),
        "factor": str(sympy.factor(x**4 - y**4)),
        "ode": str(sympy.dsolve(sympy.Function("f")(x).diff(x) - sympy.Function("f")(x))),
        "latex": sympy.latex(sympy.Rational(1, 3) * sympy.sqrt(x)),
        "pretty": sympy.pretty(x**2 / y, use_unicode=True),
        "mathml": sympy.mathml(x + 1),
        "c": codegen(("f", x**2), "C99", header=False)[0][1].split("\n")[2],
        "lambda": sympy.lambdify(x, sympy.cos(x), "math")(0),
        "units": str(sympy.physics.units.convert_to(3 * sympy.physics.units.km, sympy.physics.units.m))
        if hasattr(sympy, "physics")
        else None,
        "primes": list(sympy.primerange(1, 20)),
        "number": str(sympy.N(sympy.pi, 20)),
    }
    try:
        sympy.sympify("x +* 1")
    except sympy.SympifyError as error:
        result["error"] = type(error).__name__
    return result
