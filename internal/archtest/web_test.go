package archtest

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

// layers of the web app: a file imports only lower layers; within features only its own chapter.
var layers = map[string]int{"lib": 0, "ui": 0, "api": 0, "live": 1, "features": 2, "app": 3}

var (
	webImport   = regexp.MustCompile(`(?m)^\s*(?:import|export)\b[^'";]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)`)
	webDefault  = regexp.MustCompile(`(?m)^export default`)
	webStorage  = regexp.MustCompile(`\b(localStorage|sessionStorage|indexedDB)\b`)
	webComments = regexp.MustCompile(`(?s)/\*.*?\*/|(?m)//.*$`)
)

// mayKeepOnDevice are files that use the browser's storage: path and reason. What people wrote and who they are
// is never kept there.
var mayKeepOnDevice = map[string]string{}

func TestWebLayers(t *testing.T) {
	for name, text := range webSources(t) {
		report(t, checkWebImports(name, text))
	}
}

func TestWebLayerCheckSeesTheWrongWay(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"web/src/lib/a.ts":                {`import { x } from '../features/chat/x';`, 1},
		"web/src/features/chat/a.tsx":     {"import {\n  x,\n} from '../clients/x';", 1},
		"web/src/features/chat/b.tsx":     {`import { x } from './x'; import { y } from '../../ui/y';`, 0},
		"web/src/features/chat/deep/c.ts": {`import { x } from '../x';`, 0},
		"web/src/live/a.ts":               {`const x = () => import('../app/router');`, 1},
		"web/src/app/a.tsx":               {`import { x } from '../features/chat/x';`, 0},
	} {
		if got := checkWebImports(name, c.text); len(got) != c.want {
			t.Errorf("%s: %v, want %d findings", name, got, c.want)
		}
	}
}

func checkWebImports(name, text string) []string {
	var findings []string
	for _, match := range webImport.FindAllStringSubmatch(text, -1) {
		target := match[1] + match[2]
		if !strings.HasPrefix(target, ".") {
			continue
		}
		to := path.Join(path.Dir(name), target)
		if why := wrongWay(name, to); why != "" {
			findings = append(findings, fmt.Sprintf("%s imports %s: %s", name, target, why))
		}
	}
	return findings
}

func wrongWay(from, to string) string {
	fromLayer, fromChapter := webPlace(from)
	toLayer, toChapter := webPlace(to)
	lower, known := layers[toLayer]
	own, knownFrom := layers[fromLayer]
	switch {
	case !known || !knownFrom: // main.tsx and the like, which only start the app
		return ""
	case fromLayer == "features" && toLayer == "features" && fromChapter != toChapter:
		return "a feature never imports another feature"
	case lower > own:
		return fromLayer + " never imports " + toLayer
	}
	return ""
}

func webPlace(name string) (layer, chapter string) {
	parts := strings.Split(strings.TrimPrefix(name, "web/src/"), "/")
	if len(parts) < 2 {
		return parts[0], ""
	}
	return parts[0], parts[1]
}

func TestWebKeepsNothingOnTheDevice(t *testing.T) {
	for name, text := range webSources(t) {
		code := webComments.ReplaceAllString(text, "")
		if mayKeepOnDevice[name] == "" && webStorage.MatchString(code) {
			t.Errorf("%s uses %s: no patient data stays on a device", name, webStorage.FindString(code))
		}
		if strings.HasPrefix(name, "web/src/") && webDefault.MatchString(code) {
			t.Errorf("%s has a default export: use a name", name)
		}
	}
}
