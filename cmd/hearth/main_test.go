package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets a test start the program itself: the test binary is it when told so.
func TestMain(m *testing.M) {
	if os.Getenv("HEARTH_TEST_IS_PROGRAM") == "1" {
		main()
	}
	os.Exit(m.Run())
}

const password = "correct horse battery"

// result is how a command ended.
type result struct {
	code      int
	out, errs string
}

func (r result) said() string { return r.out + r.errs }

// hearth runs a command within the test.
func hearth(t *testing.T, input string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, os.Environ(), strings.NewReader(input), &out, &errs)
	return result{code, out.String(), errs.String()}
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrongSettingsAreNamedAndExit2(t *testing.T) {
	for name, c := range map[string]struct {
		args, env []string
		config    string
		words     []string
	}{
		"a flag":                {args: []string{"serve", "--adress", "x"}, words: []string{"--adress", "addr"}},
		"nearly a flag":         {args: []string{"serve", "--dta", "x"}, words: []string{"--dta", `did you mean "data"`}},
		"a command":             {args: []string{"serv"}, words: []string{"serv", `did you mean "serve"`}},
		"an argument":           {args: []string{"serve", "now"}, words: []string{"now"}},
		"an address":            {args: []string{"serve", "--addr", "nonsense"}, words: []string{"--addr", "HOST:PORT"}},
		"a port":                {args: []string{"serve", "--addr", "localhost:70000"}, words: []string{"--addr", "HOST:PORT"}},
		"an address by env":     {args: []string{"serve"}, env: []string{"HEARTH_ADDR=nonsense"}, words: []string{"addr", "HOST:PORT"}},
		"a database":            {args: []string{"serve", "--database-url", "mysql://u:pw@h/x"}, words: []string{"postgres://"}},
		"a public URL":          {args: []string{"serve", "--public-url", "chat.example.org"}, words: []string{"--public-url", "https://"}},
		"a public URL and path": {args: []string{"serve", "--public-url", "https://example.org/chat"}, words: []string{"--public-url"}},
		"rate limits":           {args: []string{"serve"}, env: []string{"HEARTH_RATE_LIMITS=maybe"}, words: []string{"rate-limits", "on", "off"}},
		"a bad place for files": {args: []string{"serve", "--blob-url", "s3://host"}, words: []string{"--blob-url", "HEARTH_BLOB_URL", "s3://KEY:SECRET@"}},
		"files of no size":      {args: []string{"serve", "--attachment-limit", "0"}, words: []string{"--attachment-limit", "1024"}},
		"a small community":     {args: []string{"serve", "--community-limit", "2"}, words: []string{"--community-limit", "3", "10000"}},
		"a short token":         {args: []string{"serve", "--metrics-token", "short"}, words: []string{"--metrics-token", "16"}},
		"a metrics address":     {args: []string{"serve", "--metrics-addr", "9090"}, words: []string{"--metrics-addr", "HOST:PORT"}},
		"proxies":               {args: []string{"serve", "--trusted-proxies", "10.0.0.0/8,mine"}, words: []string{"--trusted-proxies", "10.0.0.0/8"}},
		"private networks":      {args: []string{"serve"}, env: []string{"HEARTH_ALLOW_PRIVATE_TARGETS=10.0.0.0/8,http://mine"}, words: []string{"--allow-private-targets", "10.0.0.0/8"}},
		"the demo's networks":   {args: []string{"demo", "--allow-private-targets", "all"}, words: []string{"--allow-private-targets", "10.0.0.0/8"}},
		"mail":                  {args: []string{"serve", "--smtp-url", "http://u:pw@h", "--mail-from", "a@b.example"}, words: []string{"HEARTH_SMTP_URL", "smtp://"}},
		"half of mail":          {args: []string{"serve", "--mail-from", "a@b.example"}, words: []string{"--smtp-url"}},
		"reports without mail":  {args: []string{"serve", "--smtp-bounces", "bounces@practice.example"}, words: []string{"--smtp-bounces", "--smtp-url"}},
		"reports to two":        {args: []string{"serve", "--smtp-url", "smtp://u:pw@h", "--mail-from", "a@b.example"}, env: []string{"HEARTH_SMTP_BOUNCES=a@b.example,c@d.example"}, words: []string{"HEARTH_SMTP_BOUNCES"}},
		"a server of reports":   {args: []string{"bounced", "--server", "127.0.0.1:8080"}, words: []string{"--server", "http://127.0.0.1:8080"}},
		"a log level":           {args: []string{"serve", "--log-level", "loud"}, words: []string{"log-level", "debug"}},
		"a second factor":       {args: []string{"setup", "--second-factor", "some"}, words: []string{"second-factor", "optional", "staff", "all"}},
		"a missing flag":        {args: []string{"setup"}, words: []string{"--organization", "--owner-email", "--owner-password-file"}},
		"a misspelled variable": {args: []string{"serve"}, env: []string{"HEARTH_ADRR=:1"}, words: []string{"HEARTH_ADRR", "HEARTH_ADDR"}},
		"a config key":          {args: []string{"serve"}, config: "adr = ':1'", words: []string{`"adr"`, `did you mean "addr"`}},
		"a config value":        {args: []string{"serve"}, config: "addr = 12", words: []string{"--addr", "HOST:PORT"}},
		"a config table":        {args: []string{"serve"}, config: "[addr]\nx = 1", words: []string{"addr", "text"}},
		"no TOML":               {args: []string{"serve"}, config: "\naddr: :1", words: []string{"line 2", "TOML"}},
		"no config file":        {args: []string{"serve", "--config", "/nowhere/hearth.toml"}, words: []string{"--config", "/nowhere/hearth.toml"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range c.env {
				key, value, _ := strings.Cut(pair, "=")
				t.Setenv(key, value)
			}
			if c.config != "" {
				c.args = append(c.args, "--config", file(t, "hearth.toml", c.config))
			}
			r := hearth(t, "", c.args...)
			if r.code != 2 {
				t.Errorf("exit %d: %s", r.code, r.said())
			}
			for _, word := range c.words {
				if !strings.Contains(r.errs, word) {
					t.Errorf("%q is not in: %s", word, r.errs)
				}
			}
			if strings.Contains(r.said(), "pw@") {
				t.Errorf("a password is printed: %s", r.said())
			}
		})
	}
}

func TestSettingsComeFromFlagThenEnvironmentThenFile(t *testing.T) {
	config := file(t, "hearth.toml", "data = 'from-file'\nlog_level = 'warn'\ntrusted_proxies = ['10.0.0.0/8', '127.0.0.1']")
	parse := func(args ...string) *cli {
		t.Helper()
		var c cli
		parser, err := newParser(&c, args, os.Environ(), &bytes.Buffer{}, &bytes.Buffer{}, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(args); err != nil {
			t.Fatal(err)
		}
		return &c
	}
	c := parse("serve", "--config", config)
	if c.Serve.Store.Data != "from-file" || c.Logging.Level != "warn" || len(c.Serve.Web.TrustedProxies) != 2 {
		t.Errorf("the file alone: %+v %+v", c.Serve, c.Logging)
	}
	t.Setenv("HEARTH_CONFIG", config)
	t.Setenv("HEARTH_DATA", "from-env")
	if c := parse("serve"); c.Serve.Store.Data != "from-env" || c.Logging.Level != "warn" {
		t.Errorf("with the environment: %+v", c.Serve)
	}
	if c := parse("serve", "--data", "from-flag"); c.Serve.Store.Data != "from-flag" {
		t.Errorf("with a flag: %+v", c.Serve)
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}, {"serve", "--help"}, {"version"}} {
		if r := hearth(t, "", args...); r.code != 0 || r.out == "" {
			t.Errorf("%v: exit %d %s", args, r.code, r.said())
		}
	}
	for _, command := range []string{"demo", "serve", "setup", "bounced", "migrate", "verify", "openapi", "version"} {
		if !strings.Contains(hearth(t, "").out, command) {
			t.Errorf("help does not name %s", command)
		}
	}
}

// TestEverySettingIsDocumented holds docs/operate/configuration.md to the flags.
func TestEverySettingIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/operate/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := newParser(&cli{}, nil, nil, &bytes.Buffer{}, &bytes.Buffer{}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Children {
		if command.Name == "bench" {
			continue // measures, and is described where the numbers are
		}
		for _, flag := range append(command.Flags, parser.Model.Flags...) {
			for _, name := range append(flag.Envs, "--"+flag.Name) {
				if name != "--help" && !strings.Contains(string(page), "`"+name) {
					t.Errorf("%s of %s is not in docs/operate/configuration.md", name, command.Name)
				}
			}
			if len(flag.Envs) == 0 && flag.Name != "help" && flag.Name != "fresh" {
				t.Errorf("--%s of %s has no environment variable", flag.Name, command.Name)
			}
		}
	}
}

func setup(t *testing.T, data, name, email, input string, more ...string) result {
	t.Helper()
	return hearth(t, input, append([]string{"setup", "--data", data, "--organization", name, "--owner-name", "Ada Quill",
		"--owner-email", email, "--owner-password-file", "-"}, more...)...)
}

func TestSetupMakesOrganizationsAndPrintsNoPassword(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	r := setup(t, data, "Maple Court", "ada@maplecourt.example", password+"\n", "--second-factor", "staff")
	if r.code != 0 || len(regexp.MustCompile(`[0-9a-f-]{36}`).FindAllString(r.out, -1)) != 2 {
		t.Fatalf("exit %d: %s", r.code, r.said())
	}
	if strings.Contains(r.said(), password) {
		t.Error("the password is printed")
	}
	fromFile := hearth(t, "", "setup", "--data", data, "--organization", "Second", "--owner-name", "Bo", "--owner-email", "bo@second.example",
		"--owner-password-file", file(t, "password", password+"\n"))
	if fromFile.code != 0 {
		t.Errorf("with a file: %s", fromFile.said())
	}
	if r := hearth(t, "", "verify", "--data", data); r.code != 0 || !strings.Contains(r.out, "whole") {
		t.Errorf("verify: exit %d %s", r.code, r.said())
	}
	if r := hearth(t, "", "migrate", "--data", data); r.code != 0 {
		t.Errorf("migrate: exit %d %s", r.code, r.said())
	}
}

func TestSetupSaysWhatToChange(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if r := setup(t, data, "Maple Court", "ada@maplecourt.example", password); r.code != 0 {
		t.Fatal(r.said())
	}
	for name, c := range map[string]struct {
		result
		words string
	}{
		"an address in use":   {setup(t, data, "Other", "ADA@maplecourt.example", password), "--owner-email"},
		"no address":          {setup(t, data, "Other", "ada", password), "--owner-email"},
		"a short password":    {setup(t, data, "Other", "b@other.example", "short\n"), "10"},
		"no password":         {setup(t, data, "Other", "b@other.example", ""), "--owner-password-file"},
		"a blank name":        {setup(t, data, "  ", "b@other.example", password), "--organization"},
		"an unknown zone":     {setup(t, data, "Other", "b@other.example", password, "--time-zone", "Mars"), "--time-zone"},
		"no password file":    {hearth(t, "", "setup", "--data", data, "--organization", "O", "--owner-name", "B", "--owner-email", "b@o.example", "--owner-password-file", "/nowhere"), "--owner-password-file"},
		"a file for a folder": {setup(t, file(t, "data", "x"), "Other", "b@other.example", password), "--data"},
	} {
		if c.code != 1 || !strings.Contains(c.errs, c.words) {
			t.Errorf("%s: exit %d %s", name, c.code, c.errs)
		}
	}
}

func TestVerifyFailsOnABrokenFolder(t *testing.T) {
	if r := hearth(t, "", "verify", "--data", file(t, "data", "x")); r.code != 1 {
		t.Errorf("exit %d: %s", r.code, r.said())
	}
}

func TestOpenAPINeedsNoDatabase(t *testing.T) {
	r := hearth(t, "", "openapi")
	checkedIn, err := os.ReadFile("../../api/openapi.json")
	if r.code != 0 || err != nil {
		t.Fatal(r.said(), err)
	}
	if r.out != string(checkedIn) {
		t.Error("api/openapi.json is stale: run make generate")
	}
}

func TestDemoTouchesNothingElse(t *testing.T) {
	real := filepath.Join(t.TempDir(), "data")
	if r := setup(t, real, "Maple Court", "ada@maplecourt.example", password); r.code != 0 {
		t.Fatal(r.said())
	}
	for _, args := range [][]string{{}, {"--fresh"}} {
		r := hearth(t, "", append([]string{"demo", "--addr", "127.0.0.1:0", "--data", real}, args...)...)
		if r.code != 1 || !strings.Contains(r.errs, real) {
			t.Errorf("demo %v: exit %d %s", args, r.code, r.said())
		}
	}
	if r := hearth(t, "", "verify", "--data", real); r.code != 0 {
		t.Errorf("the practice is damaged: %s", r.said())
	}
}

// process starts the program as a process of its own and waits until it serves.
func process(t *testing.T, args ...string) (*exec.Cmd, func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	c := exec.CommandContext(ctx, os.Args[0], args...)
	c.Env = []string{"HEARTH_TEST_IS_PROGRAM=1", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	output := func() string {
		text, _ := os.ReadFile(log.Name())
		return string(text)
	}
	for !strings.Contains(output(), "Hearth is serving") {
		if ctx.Err() != nil {
			t.Fatalf("it does not serve:\n%s", output())
		}
		time.Sleep(10 * time.Millisecond)
	}
	return c, output
}

func TestSIGTERMEndsItWith0(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	c, output := process(t, "serve", "--addr", "127.0.0.1:0", "--data", data)
	if !regexp.MustCompile(`http://127\.0\.0\.1:\d+/first-run#\w+`).MatchString(output()) {
		t.Errorf("no link for the first run:\n%s", output())
	}
	beside := setup(t, data, "Maple Court", "ada@maplecourt.example", password)
	if beside.code != 0 {
		t.Errorf("setup beside it: %s", beside.said())
	}
	second := hearth(t, "", "serve", "--addr", "127.0.0.1:0", "--data", data)
	if second.code != 1 || !strings.Contains(second.errs, "in use") {
		t.Errorf("a second server on the folder: exit %d %s", second.code, second.errs)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("it ended with %v:\n%s", err, output())
	}
	if strings.Contains(output(), "ada@") || strings.Contains(output(), "Maple Court") {
		t.Errorf("the log names people:\n%s", output())
	}
}
