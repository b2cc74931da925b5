"""Computes the reference values beside this file, independently of the Java code.

Every formula is written from its definition, device by device, in 60-digit arithmetic (mpmath);
inputs are taken as the doubles that Java will read. Run `python3 reference.py` in this folder: it
writes the same files again.
"""

import csv
import io
import itertools
import json
import random

import mpmath as mp

mp.mp.dps = 60


def exact(x):
    """The double that is nearest to x, exactly."""
    return mp.mpf(float(x))


def digits(x):
    return mp.nstr(x, 35, strip_zeros=False)


def write(name, header, rows):
    with open(name, "w") as out:
        out.write(header + "\n")
        for row in rows:
            out.write(",".join(str(cell) for cell in row) + "\n")


# The half-normal mixture.


def log_phi(z):
    return mp.log(mp.erfc(-z / mp.sqrt(2)) / 2)


def mixture(s, j, tau):
    if j == 0:
        return mp.mpf(0)
    rho = 1 / tau**2
    z = s / mp.sqrt(j + rho)
    if z < -1000:
        # ln Phi by its asymptotic series, of which sixty digits need few terms here.
        series, term = mp.mpf(1), mp.mpf(1)
        for n in range(1, 12):
            term *= -(2 * n - 1) / z**2
            series += term
        tail = -(z**2) / 2 - mp.log(-z * mp.sqrt(2 * mp.pi)) + mp.log(series)
    else:
        tail = log_phi(z)
    return mp.log(4 * rho / (j + rho)) / 2 + z**2 / 2 + tail


def boundary(j, threshold, tau):
    """The score whose e-value is exp(threshold), by bisection on z."""
    scale = mp.sqrt(j + 1 / tau**2)
    low, high = mp.mpf(-50), mp.sqrt(2 * threshold) + 50
    for _ in range(220):
        middle = (low + high) / 2
        if mixture(middle * scale, j, tau) < threshold:
            low = middle
        else:
            high = middle
    return low * scale


def mixture_tables():
    sizes = ["1e-6", "0.3", "3", "40", "1e3", "1e5", "1e8"]
    scores = ["-" + s for s in reversed(sizes)] + ["0"] + sizes
    informations = ["1e-9", "1e-3", "0.5", "8", "300", "1e4", "1e7", "1e12"]
    taus = ["0.01", "0.05", "0.4", "2"]
    write(
        "mixture.csv",
        "s,j,tau,log_e",
        (
            (s, j, t, digits(mixture(exact(s), exact(j), exact(t))))
            for s, j, t in itertools.product(scores, informations, taus)
        ),
    )
    thresholds = ["0", "0.5", "2.995732273553991", "5.744604469176456", "13.8", "100", "700"]
    write(
        "boundary.csv",
        "j,log_threshold,tau,s",
        (
            (j, b, t, digits(boundary(exact(j), exact(b), exact(t))))
            for j, b, t in itertools.product(informations, thresholds, taus)
        ),
    )


# Failed updates: the likelihood ratio averaged over the truncated prior, as an integral.


def binomial(p0, a, b, failed, finished):
    def log_integral(x, n):
        """ln of the integral of p^(a+x-1) (1-p)^(b+n-x-1) over (p0, 1)."""
        power_p, power_q = a + x - 1, b + n - x - 1
        peak = min(max(power_p / (power_p + power_q), p0), 1) if power_p + power_q > 0 else p0
        at = lambda p: power_p * mp.log(p) + power_q * mp.log(1 - p)
        top = at(peak if 0 < peak < 1 else (1 + p0) / 2)
        width = mp.sqrt((peak + mp.mpf(1) / (n + 2)) / (n + 2))
        cuts = [p0] + [peak + k * width for k in (-30, -10, -4, -1, 0, 1, 4, 10, 30)] + [mp.mpf(1)]
        cuts = sorted({c for c in cuts if p0 <= c <= 1})
        return top + mp.log(mp.quad(lambda p: mp.exp(at(p) - top), cuts))

    return (
        log_integral(failed, finished)
        - log_integral(0, 0)
        - failed * mp.log(p0)
        - (finished - failed) * mp.log(1 - p0)
    )


def binomial_table():
    cases = [
        ("0.02", "1", "5", 0, 1), ("0.02", "1", "5", 1, 1), ("0.02", "1", "5", 6, 20),
        ("0.02", "1", "5", 3, 150), ("0.02", "1", "5", 0, 5000), ("0.02", "1", "5", 60, 1200),
        ("0.02", "1", "5", 200, 9000), ("0.05", "2", "3", 5, 5), ("0.3", "2.5", "4", 10, 90),
        ("0.5", "20", "20", 150, 260), ("0.5", "20", "20", 900, 2100), ("0.001", "1", "5", 4, 700),
    ]  # fmt: skip
    write(
        "binomial.csv",
        "p0,a,b,failed,finished,log_e",
        (c + (digits(binomial(*(exact(v) for v in c))),) for c in cases),
    )


# Assignment counts: one device after another, each betted on by the shares seen so far.


def balance(concentration, shares, counts):
    log_e, seen = mp.mpf(0), [0] * len(counts)
    for arm, count in enumerate(counts):
        for _ in range(count):
            total = sum(seen)
            prediction = (concentration * shares[arm] + seen[arm]) / (concentration + total)
            log_e += mp.log(prediction / shares[arm])
            seen[arm] += 1
    return log_e


def balance_table():
    cases = [
        (100, ["0.5", "0.5"], [60, 40]), (100, ["0.05", "0.95"], [21, 950]),
        (100, ["0.05", "0.95"], [700, 9300]), (10, ["0.25", "0.75"], [0, 30]),
        (100, ["0.125", "0.375", "0.5"], [40, 90, 160]), (1000, ["0.5", "0.5"], [1, 0]),
    ]  # fmt: skip
    write(
        "balance.csv",
        "concentration,shares,counts,log_e",
        (
            (k, " ".join(s), " ".join(map(str, n)), digits(balance(k, [exact(v) for v in s], n)))
            for k, s, n in cases
        ),
    )


# First events: the whole history of a stratum, against every alternative at once.


def first_events(ratios, weights, treated, control, arms):
    e = mp.mpf(0)
    for r, weight in zip(ratios, weights):
        product, at_t, at_c = mp.mpf(1), treated, control
        for arm in arms:
            product *= (r if arm == "t" else 1) * (at_t + at_c) / (r * at_t + at_c)
            at_t, at_c = (at_t - 1, at_c) if arm == "t" else (at_t, at_c - 1)
        e += weight * product
    return mp.log(e)


def first_event_table():
    dice = random.Random(2)
    low, high, n = mp.log(exact("1.05")), mp.log(10), 24
    logs = [low + (high - low) * i / (n - 1) for i in range(n)]
    raw = [mp.exp(-(l**2) / (2 * exact("0.4") ** 2)) for l in logs]
    mixtures = {
        "counts": ([mp.exp(l) for l in logs], [w / sum(raw) for w in raw]),
        "failures": ([exact(r) for r in ("1.5", "2", "3", "5", "10", "30")], [mp.mpf(1) / 6] * 6),
    }
    rows = []
    for name, (ratios, weights) in mixtures.items():
        for treated, control, hazard in [(5, 5, 1), (40, 160, 1), (100, 100, 2), (10, 990, 8)]:
            at_t, at_c, arms = treated, control, ""
            while at_t + at_c > 0 and len(arms) < 120:
                arm = "t" if dice.random() * (hazard * at_t + at_c) < hazard * at_t else "c"
                at_t, at_c = (at_t - 1, at_c) if arm == "t" else (at_t, at_c - 1)
                arms += arm
            log_e = first_events(ratios, weights, treated, control, arms)
            rows.append((name, treated, control, arms, digits(log_e)))
    write("first-events.csv", "gate,treated,control,arms,log_e", rows)


# Power: analysis of covariance from the devices.


def power(devices):
    s, j = mp.mpf(0), mp.mpf(0)
    for stratum in sorted({d[0] for d in devices}):
        arms = {
            arm: [(mp.log(exact(x)), mp.log(exact(y))) for st, a, x, y in devices if (st, a) == (stratum, arm)]
            for arm in "tc"
        }
        if min(len(rows) for rows in arms.values()) < 20:
            continue
        mean = {a: [sum(r[i] for r in rows) / len(rows) for i in (0, 1)] for a, rows in arms.items()}
        sxx = sum((x - mean[a][0]) ** 2 for a, rows in arms.items() for x, _ in rows)
        sxy = sum((x - mean[a][0]) * (y - mean[a][1]) for a, rows in arms.items() for x, y in rows)
        n = {a: len(rows) for a, rows in arms.items()}
        total = n["t"] + n["c"]
        slope, gap, lost = mp.mpf(0), mp.mpf(0), mp.mpf(1)
        if sxx > 0:
            slope, gap = sxy / sxx, mean["t"][0] - mean["c"][0]
            lost = mp.mpf(total - 2) / (total - 3)
        squares = {
            a: sum((y - mean[a][1] - slope * (x - mean[a][0])) ** 2 for x, y in rows)
            for a, rows in arms.items()
        }
        delta = mean["t"][1] - mean["c"][1] - slope * gap
        variance = sum(squares[a] / (n[a] - 1) * lost / n[a] for a in "tc")
        if sxx > 0:
            variance += gap**2 * sum(squares.values()) / (total - 3) / sxx
        resolution = exact("0.005") ** 2 * sum(mp.mpf(1) / n[a] for a in "tc")
        variance = max(variance, resolution)
        s += delta / variance
        j += 1 / variance
    return s, j, mixture(s, j, exact("0.05"))


def power_tables():
    dice = random.Random(3)
    cases, rows = [], []
    for case, strata in {
        "adjusted": [("car", 30, 45, 0.3, 1.04), ("home", 70, 25, 0.2, 1.04), ("few", 19, 60, 0.2, 3)],
        "without history": [("car", 25, 25, None, 1.1)],
        "alike": [("car", 22, 40, 0.0, 1.001)],
    }.items():
        devices = []
        for stratum, treated, control, spread, ratio in strata:
            for arm, number in (("t", treated), ("c", control)):
                for _ in range(number):
                    own = 0.14 * 2.718 ** ((spread or 0.25) * dice.gauss(0, 1)) if spread != 0 else 0.14
                    noise = lambda: 2.718 ** (0.04 * dice.gauss(0, 1)) if spread != 0 else 1
                    x = "%.9g" % (own * noise()) if spread is not None else "1"
                    y = "%.9g" % (own * noise() * (ratio if arm == "t" else 1))
                    devices.append((stratum, arm, x, y))
                    rows.append((case, stratum, arm, x, y))
        cases.append((case,) + tuple(digits(v) for v in power(devices)))
    write("power-devices.csv", "case,stratum,arm,prior,since", rows)
    write("power.csv", "case,s,j,log_e", cases)


# Counts: a whole file, to everything that `gate evaluate` prints.


def counts_stratum(rows, theta0, k):
    """U, A, V without the floor, and whether both arms have twenty devices."""
    devices = {"treatment": [], "control": []}
    for row in rows:
        devices[row["arm"]].append(
            [exact(row[c]) for c in ("exposure_hours", "count", "prior_exposure_hours", "prior_count")]
        )
    everyone = devices["treatment"] + devices["control"]
    total = [sum(d[i] for d in everyone) for i in range(4)]
    lambda0 = total[3] / total[2] if total[2] > 0 else mp.mpf(0)
    c0 = total[1] / total[0] if total[0] > 0 else mp.mpf(0)
    weighted = {}
    for arm, members in devices.items():
        weighted[arm] = []
        for e, n, e0, n0 in members:
            m = (k + n0) / (k + lambda0 * e0)
            scaled = m * e * (theta0 if arm == "treatment" else 1)
            w = 1 / (1 + c0 * scaled / (k + n0))
            weighted[arm].append((w, n, scaled))
    a_t, a_c = (sum(w * m for w, n, m in weighted[arm]) for arm in ("treatment", "control"))
    b_t, b_c = (sum(w * n for w, n, m in weighted[arm]) for arm in ("treatment", "control"))
    sizes = [len(devices[arm]) for arm in ("treatment", "control")]
    if min(sizes) < 2 or not (a_t > 0 and a_c > 0):
        return mp.mpf(0), mp.mpf(0), mp.mpf(0), min(sizes) >= 20
    c = (b_t + b_c) / (a_t + a_c)
    share = {"treatment": a_c / (a_t + a_c), "control": a_t / (a_t + a_c)}
    v = sum(
        share[arm] ** 2
        * mp.mpf(len(weighted[arm]))
        / (len(weighted[arm]) - 1)
        * sum((w * (n - c * m)) ** 2 for w, n, m in weighted[arm])
        for arm in weighted
    )
    return b_t - c * a_t, c * a_t * a_c / (a_t + a_c), v, min(sizes) >= 20


def evidence(u, a, v, enough, theta0, tau):
    v = max(v, a)
    if v == 0:
        return {"U": u, "A": a, "V": v, "S": 0, "J": 0, "psi": None, "z": None, "log_e": 0, "guard": False}
    s, j = u * a / v, a**2 / v
    return {
        "U": u, "A": a, "V": v, "S": s, "J": j,
        "psi": u / a if a > 0 else None, "z": u / mp.sqrt(v),
        "log_e": mixture(-s if theta0 > 1 else s, j, tau),
        "guard": bool(a >= 8 and enough),
    }  # fmt: skip


def counts(text, theta0, k, tau):
    rows = {}
    for row in csv.DictReader(io.StringIO(text.replace("\ufeff", ""))):
        rows[tuple(row.values())] = row
    names = sorted({row["stratum"] for row in rows.values()})
    parts = {
        name: counts_stratum([r for r in rows.values() if r["stratum"] == name], theta0, k)
        for name in names
    }
    pooled = evidence(*(sum(p[i] for p in parts.values()) for i in range(3)), True, theta0, tau)
    strata = {name: evidence(*part, theta0, tau) for name, part in parts.items()}
    guarded = lambda e: e["log_e"] if e["guard"] else mp.mpf(0)
    mean = sum(mp.exp(guarded(e)) for e in strata.values()) / len(strata)
    combined = mp.log((mp.exp(guarded(pooled)) + mean) / 2)
    if theta0 > 1:
        decision = "non-inferior" if guarded(pooled) >= mp.log(20) else "undecided"
    else:
        decision = "harm" if combined >= -mp.log(exact("0.0032")) else "undecided"
    return {"pooled": pooled, "strata": strata, "log_e": combined, "decision": decision}


def poisson(dice, mean):
    """Arrivals of a unit-rate process before `mean`."""
    arrivals, at = 0, dice.expovariate(1)
    while at < mean:
        arrivals, at = arrivals + 1, at + dice.expovariate(1)
    return arrivals


def fleet(dice, strata, hours, ratio, repeated=0):
    """Lines of devices for each (stratum, treated, control, rate, has history), shuffled."""
    lines = []
    for stratum, treated, control, rate, history in strata:
        for i in range(treated + control):
            own = rate * dice.gammavariate(1, 1)
            duty = 0.4 + 0.6 * dice.random()
            e, e0 = duty * hours, duty * 24 if history else 0
            n = poisson(dice, own * e * (ratio if i < treated else 1))
            n0 = poisson(dice, own * e0)
            arm = "treatment" if i < treated else "control"
            lines.append(f"{stratum}-{i},{stratum},{arm},{e:.7g},{n},{e0:.7g},{n0}")
    lines += [dice.choice(lines) for _ in range(repeated)]
    dice.shuffle(lines)
    return lines


def counts_files():
    dice = random.Random(1)
    header = "device,stratum,arm,exposure_hours,count,prior_exposure_hours,prior_count"
    two = [("car", 30, 40, 0.5, True), ("kitchen", 25, 60, 0.3, True)]
    line = lambda *cells: ",".join(map(str, cells))
    unequal = [("car", 150, 22, 0.4, True), ("few", 5, 30, 1, True)]
    cases = {
        "two-strata": (fleet(dice, two, 20, 1.6), "1", "1", "0.4"),
        "harmless": (fleet(dice, two, 20, 1), "1", "1", "0.4"),
        "non-inferior": (fleet(dice, [("car", 80, 80, 1, True)], 40, 1), "2", "1", "0.4"),
        "other-settings": (fleet(dice, two, 12, 1.3), "1", "2.5", "0.7"),
        "no-history": (fleet(dice, [("car", 40, 40, 1, False)], 10, 2), "1", "1", "0.4"),
        "unequal-arms": (fleet(dice, unequal, 15, 1.2), "1.15", "1", "0.4"),
        "repeated-lines": (fleet(dice, two, 9, 1.5, 40), "1", "1", "0.4"),
        "empty-arm": (
            fleet(dice, [("car", 0, 40, 1, True), ("home", 30, 30, 1, True)], 9, 3), "1", "1", "0.4",
        ),
        "one-device": (["d,car,treatment,3.5,2,24,9"], "1", "1", "0.4"),
        "one-device-in-an-arm": (
            fleet(dice, [("car", 1, 40, 1, True), ("home", 30, 30, 1, True)], 9, 1), "1", "1", "0.4",
        ),
        "no-exposure": (
            [line(f"d{i}", "car", "treatment" if i % 2 else "control", 0, i % 3, 24, i % 5) for i in range(50)]
            + fleet(dice, [("home", 25, 25, 1, True)], 5, 1),
            "1", "1", "0.4",
        ),
        "nothing-happened": (
            [line(f"d{i}", "car", "treatment" if i % 2 else "control", 5, 0, 24, 0) for i in range(50)],
            "1", "1", "0.4",
        ),
        "huge-counts": (
            [
                line(f"d{i}", "car", "treatment" if i % 2 else "control", 1000, 900000 + 7919 * i * (1 + i % 2), 24, 21000 + 500 * (i % 7))
                for i in range(60)
            ],
            "1", "1", "0.4",
        ),
    }  # fmt: skip
    expected = {}
    for name, (lines, theta0, k, tau) in cases.items():
        end = "\r\n" if name == "repeated-lines" else "\n"
        text = ("\ufeff" if name == "repeated-lines" else "") + end.join([header] + lines) + end
        with open(f"counts/{name}.csv", "w", newline="", encoding="utf-8") as out:
            out.write(text)
        result = counts(text, exact(theta0), exact(k), exact(tau))
        expected[name] = {"theta0": float(theta0), "shape": float(k), "tau": float(tau), **result}
    with open("counts/expected.json", "w") as out:
        json.dump(expected, out, indent=1, default=lambda x: float(x))
        out.write("\n")


if __name__ == "__main__":
    mixture_tables()
    binomial_table()
    balance_table()
    first_event_table()
    power_tables()
    counts_files()
