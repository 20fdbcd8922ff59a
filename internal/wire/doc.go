// Package wire is the JSON that Hearth speaks: the shapes of the HTTP answers and of
// the live events, and how they are made from the domain. The names of its types are
// the names in the OpenAPI document. httpapi and live share it, so that a message looks
// the same whichever way it arrives.
//
// Rules of the shapes: keys are snake_case; times are [Time], which is UTC with
// milliseconds; ids are the typed ids of care; what may be null is a pointer; lists are
// never null. A key of a PATCH or PUT that may be left out is a [Maybe], or an [Opt] where
// null means "remove"; both want `omitempty` in their tag to be optional in the document.
//
// Every failure that reaches a caller is a [Problem]; [ProblemOf] makes one from any
// error and keeps what is not meant for readers out of it.
package wire
