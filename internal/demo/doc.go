// Package demo is the invented practice that `hearth demo` serves: Alder Row Clinic, its
// staff, clients, groups and conversations over the last eight weeks.
//
// What people write is in the files below script/, in the form that [parseScript] reads:
// written by hand, with times that count back from today in workdays, so that the practice
// is alive whenever it is started. [Build] makes the whole practice from them for a moment:
// pure, without a clock or chance of its own, so that the same moment gives the same
// practice to the last id. [Seed] writes it through the use cases that people use, with a
// clock that walks through its history, into a database that does not have it yet.
//
// Nobody and nothing here is real: addresses end in hearth.example and telephone numbers
// are of the 555-01xx kind.
package demo
