"""What an order costs."""

from decimal import ROUND_HALF_UP, Decimal

COUPONS = {"SPRING": Decimal("0.10"), "STAFF": Decimal("0.30")}


def total(lines, coupon=None):
    amount = sum(Decimal(str(line["price"])) * line["quantity"] for line in lines)
    amount *= 1 - COUPONS.get(coupon, Decimal(0))
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
