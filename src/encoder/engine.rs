//! What computes a model's numbers: the one place where ways to run a model differ.

use super::network::Batch;
use std::fmt;
use std::str::FromStr;

/// A way to run a model; to be shared between threads.
pub trait Engine: fmt::Debug + Send + Sync {
    /// Pieces that it takes at once; a longer sequence comes alone.
    fn batch(&self) -> usize;

    /// Whether the numbers of a sequence are the same bits whatever else is in the batch.
    fn alone(&self) -> bool;

    /// Hands on the classifier's numbers of each wanted piece, in order: one for each of the model's outputs at least.
    fn run(&self, batch: &Batch, each: &mut dyn FnMut(&[f32]));
}

/// Where an engine runs that can run elsewhere than on the CPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// On the CPU.
    #[default]
    Cpu,
    /// On the CUDA device of this number.
    Cuda(usize),
}

impl FromStr for Device {
    type Err = String;

    fn from_str(name: &str) -> Result<Device, String> {
        match name.split_once(':') {
            None if name == "cpu" => Ok(Device::Cpu),
            None if name == "cuda" => Ok(Device::Cuda(0)),
            Some(("cuda", number)) => number.parse().map(Device::Cuda).map_err(|_| format!("{number} is no number of a device")),
            _ => Err("a device is cpu, cuda or cuda:N".to_owned()),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Device::Cpu => f.write_str("cpu"),
            Device::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_by_name() {
        assert_eq!(["cpu", "cuda", "cuda:3"].map(str::parse), [Ok(Device::Cpu), Ok(Device::Cuda(0)), Ok(Device::Cuda(3))]);
        for wrong in ["", "gpu", "cuda:", "cuda:x", "cpu:1"] {
            assert!(wrong.parse::<Device>().is_err(), "{wrong}");
        }
    }
}
