// Package opening is the calendar of a practice: weekly hours in a time zone, with holidays,
// and the time that passes while it is open. It is pure: it reads no clock and does no I/O.
//
// Hours are those on the wall: it is open exactly while the clock there shows so. On the days
// when the clocks change, what lies in the hour that does not exist is not there, and the hour
// that is there twice counts twice. Intervals of a day may overlap and count once.
package opening
