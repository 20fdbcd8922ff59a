package preference

import "time"

// A wall time is what a clock on the wall shows, held as a time in UTC. A zone shows some wall
// times twice and others never; time.Date does not say which moment it gives for those.

// around is more than any zone is away from UTC.
const around = 26 * time.Hour

// firstAt gives the first moment at which a clock of the zone shows a wall time or, where it
// never does, goes forward over it.
func firstAt(wall time.Time, zone *time.Location) time.Time {
	at := wall.Add(-around)
	for {
		begins, ends := at.In(zone).ZoneBounds()
		moment := inSegment(wall, at, zone)
		if ends.IsZero() || moment.Before(ends) {
			if moment.Before(begins) {
				moment = begins
			}
			return moment.UTC()
		}
		at = ends
	}
}

// lastAt gives the last moment at which a clock of the zone shows a wall time or, where it
// never does, goes forward over it.
func lastAt(wall time.Time, zone *time.Location) time.Time {
	at := wall.Add(around)
	for {
		begins, ends := at.In(zone).ZoneBounds()
		moment := inSegment(wall, at, zone)
		if begins.IsZero() || !moment.Before(begins) {
			if !ends.IsZero() && moment.After(ends) {
				moment = ends
			}
			return moment.UTC()
		}
		at = begins.Add(-time.Nanosecond)
	}
}

// inSegment gives the moment of a wall time if the zone were always as far from UTC as it is
// at a moment.
func inSegment(wall, at time.Time, zone *time.Location) time.Time {
	_, offset := at.In(zone).Zone()
	return wall.Add(-time.Duration(offset) * time.Second)
}

// wallOf gives what a clock of the zone shows.
func wallOf(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
