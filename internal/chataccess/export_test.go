package chataccess

import "time"

// PauseFolds sets what is left between two transactions of a fold.
func (s *Service) PauseFolds(d time.Duration) { s.folder.pause = d }
