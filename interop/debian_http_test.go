package interop

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Debian's modules for HTTP, unchanged, on our http: what their users see.

// slot asks for a place to upload to: where to put and to get the file, and the header for the former.
func slot(t *testing.T, u *user, service, name string, size int) (put, get, header string) {
	t.Helper()
	const ns = "urn:xmpp:http:upload:0"
	answer := u.iq(service, "get", fmt.Sprintf("<request xmlns='%s' filename='%s' size='%d' content-type='text/plain'/>", ns, name, size))
	s := answer.Child("slot", ns)
	if s == nil {
		t.Fatalf("no slot: %s", answer)
	}
	p := s.Child("put", ns)
	if h := p.Child("header", ns); h != nil {
		header = h.Attr("name") + ": " + h.Text()
	}
	return p.Attr("url"), s.Child("get", ns).Attr("url"), header
}

func TestDebianHTTPFileShare(t *testing.T) {
	srv := webServer(t, "http_max_content_size = 1000\nhttp_file_share_size_limit = 300000\nhttp_file_share_daily_quota = 301000", "", "[component.\"share.localhost\"]\nplugin = \"http_file_share\"\nname = \"Share\"", "http_file_share")
	c, romeo := web(t, srv), login(t, srv, "romeo@localhost", people["romeo@localhost"])
	large := strings.Repeat("x", 299_000)
	for name, body := range map[string]string{"small.txt": "some text", "large file.txt": large} {
		put, get, header := slot(t, romeo, "share.localhost", name, len(body))
		steps := []struct {
			what, body string
			headers    []string
			status     int
			want       string
		}{
			{what: "PUT " + put, body: body, status: 401, want: "<!DOCTYPE"},
			{what: "PUT " + put, body: body + "more", headers: []string{header}, status: 413, want: "<!DOCTYPE"},
			{what: "GET " + get, status: 410, want: "<!DOCTYPE"},
			{what: "PUT " + put, body: body, headers: []string{header, "Content-Type: text/plain", "Expect: 100-continue"}, status: 201},
			{what: "PUT " + put, body: body, headers: []string{header}, status: 409, want: "<!DOCTYPE"},
			{what: "GET " + get, status: 200, want: body},
			{what: "HEAD " + get, status: 200},
			{what: "GET " + get, headers: []string{"Range: bytes=5-"}, status: 206, want: body[5:]},
			{what: "GET " + get, headers: []string{"Range: bytes=999999-"}, status: 416, want: "<!DOCTYPE"},
			{what: "OPTIONS " + put, headers: []string{"Origin: https://web.example"}, status: 200},
			{what: "GET https://share.localhost:5281/file_share/none/x", status: 404, want: "<!DOCTYPE"},
		}
		for _, s := range steps {
			resp, got := ask(t, c, s.what, s.body, s.headers...)
			if resp.StatusCode != s.status || !strings.HasPrefix(got, s.want) || s.status < 300 && len(got) != len(s.want) {
				t.Errorf("%s %s: got %d %.100q, want %d", name, s.what, resp.StatusCode, got, s.status)
			}
			if s.status == 200 && strings.HasPrefix(s.what, "GET") && (resp.Header.Get("Content-Type") != "text/plain" || resp.Header.Get("Content-Disposition") == "") {
				t.Errorf("headers: %v", resp.Header)
			}
		}
	}
	for _, k := range []struct {
		size int
		want string
	}{{400_000, "not-acceptable"}, {299_000, "resource-constraint"}} {
		if e := romeo.iq("share.localhost", "get", fmt.Sprintf("<request xmlns='urn:xmpp:http:upload:0' filename='x' size='%d'/>", k.size)); e.FindElement("error/"+k.want) == nil && !strings.Contains(e.String(), k.want) {
			t.Errorf("%d bytes: %s", k.size, e)
		}
	}
}

func TestDebianHTTPUpload(t *testing.T) {
	srv := webServer(t, "", "", "[component.\"upload.localhost\"]\nplugin = \"http_upload\"\nhttp_upload_file_size_limit = 1000", "http_upload")
	c, romeo := web(t, srv), login(t, srv, "romeo@localhost", people["romeo@localhost"])
	put, get, _ := slot(t, romeo, "upload.localhost", "a b.txt", 4)
	for _, s := range []struct {
		what, body string
		status     int
		want       string
	}{
		{"GET " + get, "", 404, ""}, {"PUT " + put, "text", 201, ""}, {"PUT " + put, "text", 404, ""}, {"GET " + get, "", 200, "text"}, {"HEAD " + get, "", 200, ""},
		{"OPTIONS " + get, "", 200, ""}, {"GET https://upload.localhost:5281/upload", "", 200, "<!DOCTYPE html>\n<h1>Hello from mod_http_upload on upload.localhost!</h1>\n"},
	} {
		if resp, got := ask(t, c, s.what, s.body); resp.StatusCode != s.status || s.status < 300 && got != s.want {
			t.Errorf("%s: got %d %.100q, want %d %q", s.what, resp.StatusCode, got, s.status, s.want)
		}
	}
	if e := romeo.iq("upload.localhost", "get", "<request xmlns='urn:xmpp:http:upload:0' filename='x' size='1001'/>"); !strings.Contains(e.String(), "file-too-large") {
		t.Error(e)
	}
}

func TestDebianHTTPUploadExternal(t *testing.T) {
	srv := webServer(t, "", "", "[component.\"upload.localhost\"]\nplugin = \"http_upload_external\"\nhttp_upload_external_base_url = \"https://files.example/up/\"\nhttp_upload_external_secret = \"s\"", "http_upload_external")
	put, get, _ := slot(t, login(t, srv, "romeo@localhost", people["romeo@localhost"]), "upload.localhost", "a.txt", 4)
	if !regexp.MustCompile(`^https://files\.example/up/[\w-]+/a\.txt\?v=[0-9a-f]{64}$`).MatchString(put) || !strings.HasPrefix(put, get+"?") {
		t.Errorf("put %q get %q", put, get)
	}
}

func TestDebianWebPresence(t *testing.T) {
	srv := webServer(t, "", `modules_enabled = ["webpresence", "server_status", "stanza_counter", "http_libjs"]`+"\nserver_status_show_hosts = [\"localhost\"]\nserver_status_json = true\nlibjs_path = \"/usr/lib/prosody/util\"", "",
		"webpresence", "server_status", "stanza_counter", "http_libjs")
	c := web(t, srv)
	want := func(path, kind, part string) {
		t.Helper()
		resp, got := ask(t, c, "GET http://localhost"+path, "")
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != kind || !strings.Contains(got, part) {
			t.Errorf("%s: got %d %q %.200q, want %q", path, resp.StatusCode, resp.Header.Get("Content-Type"), got, part)
		}
	}
	want("/status/romeo@localhost/text", "text/plain", "offline")
	romeo := login(t, srv, "romeo@localhost", people["romeo@localhost"])
	romeo.say("<presence><show>dnd</show><status>under a balcony</status></presence>")
	romeo.iq("localhost", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
	want("/status/romeo@localhost/text", "text/plain", "dnd")
	want("/status/romeo@localhost/message", "text/plain", "under a balcony")
	want("/status/romeo@localhost/json", "application/json", `"show":"dnd"`)
	want("/status/romeo@localhost/xml", "application/xml", "<status>under a balcony</status>")
	want("/status/romeo@localhost/html", "text/html", "data:image/png;base64,iVBOR")
	want("/status/romeo@localhost", "image/png", "PNG")
	want("/server-status/", "application/json", `"localhost":"online"`)
	want("/share/stanza.lua", "", "local")
}

func TestDebianRegisterWeb(t *testing.T) {
	srv := webServer(t, "allow_registration = true", `modules_enabled = ["register_web"]`, "", "register_web")
	c := web(t, srv)
	page := func(form url.Values) string {
		t.Helper()
		what, body := "GET http://localhost/register_web", ""
		if form != nil {
			what, body = "POST http://localhost/register_web", form.Encode()
		}
		resp, got := ask(t, c, what, body)
		if resp.StatusCode != 200 {
			t.Fatalf("%s: %d %.200q", what, resp.StatusCode, got)
		}
		return got
	}
	fill := func(name, password, again string) string {
		t.Helper()
		got := page(nil)
		sum := regexp.MustCompile(`(\d+)\s*([+-])\s*(\d+)`).FindStringSubmatch(got)
		challenge := regexp.MustCompile(`name=["']captcha_challenge["'][^>]*value=["'](\w+)["']|value=["'](\w+)["'][^>]*name=["']captcha_challenge["']`).FindStringSubmatch(got)
		if sum == nil || challenge == nil {
			t.Fatalf("no captcha in %s", got)
		}
		var x, y int
		fmt.Sscan(sum[1], &x)
		fmt.Sscan(sum[3], &y)
		if sum[2] == "-" {
			y = -y
		}
		return page(url.Values{"username": {name}, "password": {password}, "confirm_password": {again}, "captcha_reply": {fmt.Sprint(x + y)}, "captcha_challenge": {challenge[1] + challenge[2]}})
	}
	for _, k := range []struct{ name, password, again, want string }{
		{"romeo", "x", "x", "already taken"}, {"nurse", "x", "y", "match"}, {"nurse", "garlic", "garlic", "nurse@localhost"},
	} {
		if got := fill(k.name, k.password, k.again); !strings.Contains(got, k.want) {
			t.Errorf("%s: %s", k.name, got)
		}
	}
	if got := page(url.Values{"username": {"peter"}, "password": {"x"}, "confirm_password": {"x"}}); !strings.Contains(got, "Captcha verification failed") {
		t.Error(got)
	}
	login(t, srv, "nurse@localhost", "garlic")
}

func TestDebianPastebin(t *testing.T) {
	srv := webServer(t, "", `modules_enabled = ["pastebin"]`, "", "pastebin")
	c := web(t, srv)
	romeo, juliet := login(t, srv, "romeo@localhost", people["romeo@localhost"]), login(t, srv, "juliet@localhost", people["juliet@localhost"])
	long := strings.TrimSpace(strings.Repeat("But soft, what light through yonder window breaks?\n", 12))
	romeo.say("<message type='chat' to='juliet@localhost'><body>%s</body></message>", long)
	body := ""
	for body == "" {
		body = juliet.read().FindText("body#")
	}
	first, link, _ := strings.Cut(body, "\n")
	if first != "But soft, what light through yonder window breaks?" {
		t.Fatalf("message: %q", body)
	}
	if resp, got := ask(t, c, "GET "+link, ""); resp.StatusCode != 200 || got != long || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%s: %d %q", link, resp.StatusCode, got)
	}
	if _, got := ask(t, c, "GET http://localhost/pastebin/nothing", ""); !strings.Contains(got, "expired") {
		t.Errorf("an unknown paste: %q", got)
	}
}

// status is the status of an answer, for requests whose body does not matter.
func status(t *testing.T, c *http.Client, what, body string, headers ...string) int {
	t.Helper()
	resp, _ := ask(t, c, what, body, headers...)
	return resp.StatusCode
}
