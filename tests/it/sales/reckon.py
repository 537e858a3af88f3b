"""Quotes reckoned once more, with fractions: what an API answered is held against it. One JSON list on standard input."""
import json
import math
import sys
from fractions import Fraction as F

DECIMALS = {"JPY": 0, "CNY": 2, "USD": 2, "KWD": 3}


def rounded(figure, currency):
    unit = 10 ** DECIMALS[currency]
    whole = math.floor(abs(figure) * unit + F(1, 2))
    return F(whole if figure >= 0 else -whole, unit)


def parted(figures, of):
    parts, running, before = [], F(0), F(0)
    for figure in figures:
        running += figure
        now = of(running)
        parts.append(now - before)
        before = now
    return parts


def reckoned(asked):
    currency, included = asked["currency"], asked["is_tax_included"]
    lines = []
    for line in asked["lines"]:
        subtotal = rounded(F(line["quantity"]) * F(line["unit_price"]), currency)
        if "discount_fixed" in line:
            discount = F(line["discount_fixed"])
        else:
            discount = rounded(subtotal * F(line.get("discount_rate", "0")), currency)
        lines.append({"subtotal": subtotal, "discount": discount, "rate": F(line.get("tax_rate", "0"))})
    nets = [line["subtotal"] - line["discount"] for line in lines]
    whole = sum(nets, F(0))
    if "discount_fixed" in asked:
        off = F(asked["discount_fixed"])
    else:
        off = rounded(whole * F(asked.get("discount_rate", "0")), currency)
    shares = parted(nets, lambda running: rounded(off * running / whole, currency)) if whole else [F(0)] * len(nets)
    bases = [net - share for net, share in zip(nets, shares)]

    def tax_of(base, rate):
        return base - rounded(base / (1 + rate), currency) if included else rounded(base * rate, currency)

    taxes = [None] * len(lines)
    for rate in {line["rate"] for line in lines}:
        places = [at for at, line in enumerate(lines) if line["rate"] == rate]
        if asked["rounding"] == "document":
            parts = parted([bases[at] for at in places], lambda running: tax_of(running, rate))
        else:
            parts = [tax_of(bases[at], rate) for at in places]
        for at, part in zip(places, parts):
            taxes[at] = part
    totals = [base + (0 if included else tax) for base, tax in zip(bases, taxes)]
    shipping = F(asked.get("shipping", "0"))
    whole = {
        "subtotal": sum((line["subtotal"] for line in lines), F(0)),
        "discount": sum((line["discount"] for line in lines), F(0)) + sum(shares, F(0)),
        "tax": sum(taxes, F(0)),
        "shipping": shipping,
        "total": sum(totals, F(0)) + shipping,
    }
    each = [
        {"subtotal": line["subtotal"], "discount": line["discount"], "shared_discount": share, "tax": tax, "total": total}
        for line, share, tax, total in zip(lines, shares, taxes, totals)
    ]
    return whole, each


def main():
    wrong = 0
    for one in json.load(sys.stdin):
        whole, each = reckoned(one["asked"])
        for name, figure in whole.items():
            if F(one["quote"][name]["amount"]) != figure:
                wrong += 1
                print(one["asked"], name, one["quote"][name]["amount"], float(figure))
        for line, figures in zip(one["lines"], each):
            for name, figure in figures.items():
                if F(line[name]["amount"]) != figure:
                    wrong += 1
                    print(one["asked"], line["line_key"], name, line[name]["amount"], float(figure))
    print(f"wrong: {wrong}")


main()
