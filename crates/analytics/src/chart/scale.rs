//! The axis of a chart: from zero, or below it, in steps that people count by.

/// Where an axis begins and ends, and the step between its marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub least: f64,
    pub most: f64,
    pub step: f64,
}

/// About so many marks.
const MARKS: f64 = 5.0;

impl Scale {
    /// Zero is always on it: what begins elsewhere makes little look like much.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let (least, most) = values
            .filter(|value| value.is_finite())
            .fold((0.0_f64, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
        let span = if most > least { most - least } else { 1.0 };
        let rough = span / MARKS;
        let power = 10.0_f64.powf(rough.log10().floor());
        let part = rough / power;
        let step = power
            * match part {
                part if part <= 1.0 => 1.0,
                part if part <= 2.0 => 2.0,
                part if part <= 5.0 => 5.0,
                _ => 10.0,
            };
        let most = if most > least { (most / step).ceil() * step } else { step };
        Self { least: (least / step).floor() * step, most, step }
    }

    /// How far up a value stands, from 0 to 1.
    pub fn at(&self, value: f64) -> f64 {
        (value - self.least) / (self.most - self.least)
    }

    pub fn marks(&self) -> Vec<f64> {
        let mut marks = Vec::new();
        let mut next = self.least;
        while next <= self.most + self.step / 2.0 && marks.len() < 20 {
            marks.push(if next.abs() < self.step / 1000.0 { 0.0 } else { next });
            next += self.step;
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn an_axis_has_zero_and_round_steps() {
        let scale = Scale::of([3.0, 97.0].into_iter());
        assert_eq!((scale.least, scale.most, scale.step), (0.0, 100.0, 20.0));
        let below = Scale::of([-30.0, 10.0].into_iter());
        assert_eq!((below.least, below.most), (-30.0, 10.0));
        assert!(below.marks().contains(&0.0));
        let none = Scale::of([f64::NAN].into_iter());
        assert!(none.most > none.least);
    }
}
