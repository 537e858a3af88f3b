mod examples;
mod properties;
mod simulation;
mod terms;
