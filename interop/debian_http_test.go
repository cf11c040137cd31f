package interop

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"quatrain/xmpp/stanza"
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
	romeo.send("<presence><show>dnd</show><status>under a balcony</status></presence>")
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
	romeo.send("<message type='chat' to='juliet@localhost'><body>%s</body></message>", long)
	body := ""
	for body == "" {
		body = juliet.next().FindText("body#")
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

const invitesOptions = `allow_registration = true
registration_invite_only = true
allow_user_invites = true
site_name = "Verona"
`

// An invitation from a command or a script's key is a page; who registers there has an account, and a contact.
func TestDebianInvites(t *testing.T) {
	srv := webServer(t, invitesOptions, `modules_enabled = ["adhoc", "register", "invites", "invites_adhoc", "invites_page", "invites_register", "invites_register_web", "invites_api"]`, "",
		"invites", "invites_adhoc", "invites_page", "invites_register", "invites_register_web", "invites_api", "register_apps")
	c, romeo := web(t, srv), login(t, srv, "romeo@localhost", people["romeo@localhost"])
	answer := romeo.iq("localhost", "set", "<command xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:invite#invite' action='execute'/>")
	link := answer.FindText("{http://jabber.org/protocol/commands}command/{jabber:x:data}x")
	for f := range answer.Child("command", "http://jabber.org/protocol/commands").Child("x", "jabber:x:data").ChildTags("field", "") {
		if f.Attr("var") == "landing-url" {
			link = f.ChildText("value", "")
		}
	}
	token := link[strings.Index(link, "?")+1:]
	if resp, got := ask(t, c, "GET "+link, ""); resp.StatusCode != 200 || !strings.Contains(got, "Verona") || !strings.Contains(got, "conversations") || !strings.Contains(resp.Header.Get("Link"), "xmpp:") {
		t.Errorf("%s: %d %.300q", link, resp.StatusCode, got)
	}
	if _, got := ask(t, c, "GET "+link+"x", ""); !strings.Contains(strings.ToLower(got), "expired") {
		t.Errorf("a wrong invitation: %.300q", got)
	}
	base, _, _ := strings.Cut(link, "/invites_page")
	for path, kind := range map[string]string{"/invites_page/static/qrcode.min.js": "application/javascript", "/register_apps/assets/logos/dino.svg": "image/svg+xml"} {
		if resp, _ := ask(t, c, "GET "+base+path, ""); resp.StatusCode != 200 || resp.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
	}
	register := base + "/register?t=" + token
	if resp, got := ask(t, c, "GET "+register, ""); resp.StatusCode != 200 || !strings.Contains(got, "password") {
		t.Fatalf("%s: %d %.300q", register, resp.StatusCode, got)
	}
	for _, k := range []struct{ name, password, want string }{{"romeo", "very long word", "already in use"}, {"nurse", "x", "assword"}, {"nurse", "very long word", "nurse"}} {
		_, got := ask(t, c, "POST "+base+"/register", url.Values{"user": {k.name}, "password": {k.password}, "token": {token}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
		if !strings.Contains(got, k.want) {
			t.Errorf("%s: %.400q", k.name, got)
		}
	}
	if s := status(t, c, "GET "+register, ""); s != 303 {
		t.Errorf("the invitation is not used up: %d", s)
	}
	nurse := login(t, srv, "nurse@localhost", "very long word")
	if roster := nurse.iq("", "get", "<query xmlns='jabber:iq:roster'/>"); !strings.Contains(roster.String(), "romeo@localhost") {
		t.Errorf("the inviter is no contact: %s", roster)
	}

	key := "local m = require 'core.modulemanager'.get_module('localhost', 'invites_api').module m:open_store('invite_api_keys', 'map'):set(nil, 'k', { id = 'k', token = 't', allowed_methods = { GET = true } })"
	if _, err := srv.Console(t.Context(), "test", nil).Run(t.Context(), []byte(key), "=test"); err != nil {
		t.Fatal(err)
	}
	resp, _ := ask(t, c, "GET "+base+"/invites_api?key=k/t", "")
	if page := resp.Header.Get("Location"); resp.StatusCode != 201 || status(t, c, "GET "+page, "") != 200 {
		t.Errorf("invitation by key: %d %q", resp.StatusCode, page)
	}
	if s := status(t, c, "GET "+base+"/invites_api?key=k/x", ""); s != 403 {
		t.Errorf("a wrong key: %d", s)
	}
}

// What people publish is there for browsers.
func TestDebianPublished(t *testing.T) {
	srv := webServer(t, "", `modules_enabled = ["pep", "http_pep_avatar", "atom"]`, "", "pubsub", "pep", "http_pep_avatar", "atom")
	c, romeo := web(t, srv), login(t, srv, "romeo@localhost", people["romeo@localhost"])
	publish := func(node, id, payload string) {
		t.Helper()
		open := "<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#access_model'><value>open</value></field></x></publish-options>"
		if e := romeo.iq("", "set", fmt.Sprintf("<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='%s'><item id='%s'>%s</item></publish>%s</pubsub>", node, id, payload, open)); e.Attr("type") != "result" {
			t.Fatal(e)
		}
	}
	publish("urn:xmpp:avatar:data", "abcd", "<data xmlns='urn:xmpp:avatar:data'>cGljdHVyZQ==</data>")
	publish("urn:xmpp:avatar:metadata", "abcd", "<metadata xmlns='urn:xmpp:avatar:metadata'><info id='abcd' bytes='7' type='image/png'/></metadata>")
	publish("urn:xmpp:microblog:0", "1", "<entry xmlns='http://www.w3.org/2005/Atom'><title>Soliloquy</title></entry>")
	for _, k := range []struct {
		path, header string
		status       int
		kind, want   string
	}{
		{"/pep_avatar/romeo", "", 200, "image/png", "picture"}, {"/pep_avatar/romeo", "If-None-Match: abcd", 304, "", ""}, {"/pep_avatar/nobody", "", 404, "text/html; charset=utf-8", "<!DOCTYPE"},
		{"/pep_avatar/Romeo", "", 302, "", ""}, {"/atom/romeo", "", 200, "application/xml", "Soliloquy"}, {"/atom/juliet", "", 403, "text/html; charset=utf-8", ""},
	} {
		var headers []string
		if k.header != "" {
			headers = append(headers, k.header)
		}
		resp, got := ask(t, c, "GET http://localhost"+k.path, "", headers...)
		if resp.StatusCode != k.status || resp.Header.Get("Content-Type") != k.kind || !strings.Contains(got, k.want) {
			t.Errorf("%s: %d %q %.200q", k.path, resp.StatusCode, resp.Header.Get("Content-Type"), got)
		}
	}
}

// A push server of others reaches a client by the address that the client was given.
func TestDebianUnifiedPush(t *testing.T) {
	srv := webServer(t, "", `modules_enabled = ["unified_push"]`, "", "unified_push")
	c, romeo := web(t, srv), login(t, srv, "romeo@localhost", people["romeo@localhost"])
	hash := strings.Repeat("A", 43) + "="
	const ns = "http://gultsch.de/xmpp/drafts/unified-push"
	answer := romeo.iq("localhost", "set", fmt.Sprintf("<register xmlns='%s' application='%s' instance='%s'/>", ns, hash, hash))
	endpoint := answer.ChildAttr("registered", ns, "endpoint")
	if endpoint == "" {
		t.Fatal(answer)
	}
	for _, k := range []struct {
		answer string
		want   int
	}{{"<iq type='result' id='%s' to='%s'/>", 201}, {"<iq type='error' id='%s' to='%s'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", 500}} { // as in Prosody 0.12, whose errors are not what the module expects
		got := make(chan int)
		go func() { got <- status(t, c, "POST "+endpoint, "knock, knock") }()
		push := romeo.await(func(e *stanza.Element) bool { return e.Child("push", ns) != nil })
		if text := push.ChildText("push", ns); text != "a25vY2ssIGtub2Nr" {
			t.Errorf("pushed %q", text)
		}
		romeo.send(k.answer, push.Attr("id"), push.From())
		if s := <-got; s != k.want {
			t.Errorf("the sender is told %d, want %d", s, k.want)
		}
	}
	if s := status(t, c, "POST "+endpoint+"x", "knock"); s != 404 {
		t.Errorf("a wrong address: %d", s)
	}
}

// Feeds of other sites are nodes, fetched and then pushed by their hub.
func TestDebianFeeds(t *testing.T) {
	feed := func(title string) string {
		return fmt.Sprintf("<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='%%s/hub'/><entry><id>%s</id><title>%s</title><updated>%s</updated></entry></feed>",
			title, title, time.Now().UTC().Add(time.Hour).Format(time.RFC3339))
	}
	subscribed := make(chan url.Values, 1)
	var site *httptest.Server
	site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hub" {
			r.ParseForm()
			subscribed <- r.PostForm
			w.WriteHeader(202)
			return
		}
		fmt.Fprintf(w, feed("first"), site.URL)
	}))
	defer site.Close()
	srv := webServer(t, "", "", fmt.Sprintf("[component.\"feeds.localhost\"]\nplugin = \"pubsub\"\nmodules_enabled = [\"pubsub_feeds\"]\nfeeds = { verona = \"%s/feed\" }", site.URL), "pubsub", "pubsub_feeds")
	c, romeo := web(t, srv), login(t, srv, "romeo@localhost", people["romeo@localhost"])
	form := <-subscribed
	callback := form.Get("hub.callback")
	if form.Get("hub.topic") != site.URL+"/feed" || !strings.Contains(callback, "feeds.localhost") {
		t.Fatal(form)
	}
	if resp, got := ask(t, c, "GET "+callback+"&hub.mode=subscribe&hub.challenge=xyz&hub.topic="+url.QueryEscape(site.URL+"/feed"), ""); resp.StatusCode != 200 || got != "xyz" {
		t.Errorf("confirmation: %d %q", resp.StatusCode, got)
	}
	body := fmt.Sprintf(feed("second"), site.URL)
	mac := hmac.New(sha1.New, []byte(form.Get("hub.secret")))
	mac.Write([]byte(body))
	if s := status(t, c, "POST "+callback, body, "X-Hub-Signature: sha1=00"); s != 401 {
		t.Errorf("a forged push: %d", s)
	}
	if s := status(t, c, "POST "+callback, body, "X-Hub-Signature: sha1="+hex.EncodeToString(mac.Sum(nil))); s != 202 {
		t.Errorf("a push: %d", s)
	}
	items := romeo.iq("feeds.localhost", "get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='verona'/></pubsub>").String()
	if !strings.Contains(items, "first") || !strings.Contains(items, "second") {
		t.Error(items)
	}
}

// Rooms' archives are pages.
func TestDebianRoomLogs(t *testing.T) { forTwins(t, debianRoomLogs) }

func debianRoomLogs(t *testing.T, runtime string) {
	rooms := "[component.\"conference.localhost\"]\nplugin = \"muc_core\"\nmodules_enabled = [\"muc_log\", \"muc_mam\", \"http_muc_log\", \"muc_log_http\"]\nmuc_log_by_default = true\nmuc_log_all_rooms = true\nmuc_room_default_public = true\nmuc_log_http = { url_base = \"days\" }"
	if runtime != "" {
		rooms += "\n[plugin.muc_core]\nruntime = \"" + runtime + "\""
	}
	srv := webServer(t, "default_storage = \"internal\"", "", rooms, "muc_log", "http_muc_log", "muc_log_http")
	c, romeo := web(t, srv), login(t, srv, "romeo@localhost", people["romeo@localhost"])
	romeo.send("<presence to='garden@conference.localhost/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
	romeo.await(func(e *stanza.Element) bool { return e.Name == "presence" && strings.Contains(e.String(), "110") })
	romeo.iq("garden@conference.localhost", "set", "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='muc#roomconfig_enablelogging'><value>1</value></field></x></query>")
	romeo.send("<message type='groupchat' to='garden@conference.localhost' id='m'><body>It is my lady</body></message>")
	romeo.await(func(e *stanza.Element) bool { return e.FindText("body#") == "It is my lady" })
	today := time.Now().UTC().Format("2006-01-02")
	for path, want := range map[string]string{
		"/muc_log/":                   "garden/",
		"/muc_log/garden/":            today,
		"/muc_log/garden/" + today:    "It is my lady",
		"/muc_log/@static/style.css":  "{",
		"/days/":                      "garden",
		"/days/garden/":               "garden@conference.localhost", // no days, as in Prosody 0.12, which stores them elsewhere
		"/days/garden/" + today + "/": "It is my lady",
	} {
		resp, got := ask(t, c, "GET http://conference.localhost"+path, "")
		if resp.StatusCode != 200 || !strings.Contains(got, want) {
			t.Errorf("%s: %d %.600q, want %q", path, resp.StatusCode, got, want)
		}
	}
}

// What is measured is a page, for who is allowed to see it.
func TestDebianOpenMetrics(t *testing.T) {
	srv := webServer(t, "statistics = \"internal\"\nstatistics_interval = \"manual\"", `modules_enabled = ["http_openmetrics", "measure_active_users"]`, "", "http_openmetrics", "measure_active_users")
	c := web(t, srv)
	login(t, srv, "romeo@localhost", people["romeo@localhost"])
	resp, got := ask(t, c, "GET http://localhost/metrics", "")
	if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/openmetrics-text") || !strings.HasSuffix(got, "# EOF\n") || !strings.Contains(got, `prosody_mod_c2s__connections{host="localhost",type="c2s",ip_family="ipv4"} 1`) {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, got)
	}
	if s := status(t, c, "GET http://localhost/metrics", "", "X-Forwarded-For: 192.0.2.1"); s != 403 {
		t.Errorf("a stranger is told %d", s)
	}
}
