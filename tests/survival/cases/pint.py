# requires: pint==0.25.3
# Units defined in a text file of the package, contexts, formats, errors.
import decimal

import pint


def handler(event, context):
    ureg = pint.UnitRegistry(cache_folder=None)
    length = 3 * ureg.kilometer + 20 * ureg("yards")
    with ureg.context("sp"):
        frequency = (500 * ureg.nm).to("THz")
    errors = []
    for attempt in (
        lambda: length + 1 * ureg.second,
        lambda: ureg("3 florps"),
        lambda: (20 * ureg.degC) * 2 + 1 * ureg.m,
    ):
        try:
            attempt()
        except pint.PintError as error:
            errors.append(f"{type(error).__name__}: {error}")

    @ureg.check("[length]", "[time]")
    def speed(one, two):
        return one / two

    return {
        "metres": round(length.to("m").magnitude, 4),
        "formats": [f"{length:~P}", f"{3 * ureg.m / ureg.s**2:L}", f"{2 * ureg.byte:H}", f"{4 * ureg.hour:C}"],
        "frequency": round(frequency.magnitude, 3),
        "base": str((1 * ureg.mile / ureg.hour).to_base_units()),
        "compact": str((12345678 * ureg.g).to_compact()),
        "us": str(ureg.get_compatible_units("[mass]") and ureg.get_base_units("inch", system="mks")[1]),
        "decimal": str(pint.UnitRegistry(non_int_type=decimal.Decimal)("0.1 m").to("cm")),
        "speed": str(speed(6 * ureg.m, 3 * ureg.s).to("km/h")),
        "constant": round(ureg("speed_of_light").to("km/s").magnitude),
        "errors": errors,
    }
