// Package cert finds the TLS certificate of each host in a directory, notices when files change, and makes a self-signed certificate for
// hosts that have none (RFC 6120 §13.7, RFC 7590).
//
// A certificate for example.org is looked for, in this order, as example.org.crt with example.org.key; as example.org/fullchain.pem with
// privkey.pem, also below live/, so that a copy of certbot's directory works as it is; as any certificate in the directory that names the
// host; as _.org.crt or any certificate for *.org; last the self-signed one. Files are looked at again at the first use after a second.
//
// It deliberately obtains no certificates (ACME): tools for that exist, and their result can be copied or linked into the directory.
package cert

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"
)

// recheck is how long files are taken to be unchanged.
const recheck = time.Second

// Config says where certificates are.
type Config struct {
	// Dir holds the operator's certificates; "" or a missing directory: none.
	Dir string
	// SelfDir is where the self-signed certificate is kept, as selfsigned.crt and .key; "" keeps it in memory.
	SelfDir string
	// Hosts are the domains that need a certificate.
	Hosts []string
	Log   *slog.Logger
	Now   func() time.Time // time.Now if nil
}

// Store is the certificates at hand. Safe for concurrent use.
type Store struct {
	cfg Config

	mu      sync.Mutex // guards the rest; files are read under it
	checked time.Time
	print   fingerprint
	pairs   map[string]*pair // by path of the certificate
	index   map[string]*pair // by what the file or directory is called, then by the names in the certificate
	self    *tls.Certificate // nil until a host needs it
}

// Open reads the directory, and makes the self-signed certificate if a host needs it.
func Open(cfg Config) (*Store, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Store{cfg: cfg}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scan()
	if bare := s.withoutCertificate(); len(bare) > 0 {
		if err := s.openSelf(); err != nil {
			return nil, err
		}
		cfg.Log.Warn("using a self-signed certificate, which clients will not trust: put a real one and its key into the certificate directory as HOST.crt and HOST.key",
			"hosts", strings.Join(bare, " "), "directory", cfg.Dir)
	}
	return s, nil
}

// withoutCertificate are the hosts that the directory has nothing for.
func (s *Store) withoutCertificate() []string {
	var bare []string
	for _, host := range s.cfg.Hosts {
		if s.lookup(host) == nil {
			bare = append(bare, host)
		}
	}
	return bare
}

// Reload looks at the files now, and takes new hosts.
func (s *Store) Reload(hosts []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Hosts = hosts
	s.scan()
	if len(s.withoutCertificate()) == 0 {
		return nil
	}
	return s.openSelf()
}

// ErrNone tells that there is no certificate for a name.
var ErrNone = errors.New("no certificate")

// Certificate is that of the first name that the directory has one for; if there is none, the self-signed one. Empty names are skipped.
func (s *Store) Certificate(names ...string) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cfg.Now().Sub(s.checked) >= recheck {
		s.rescan()
	}
	for _, name := range names {
		if p := s.lookup(name); p != nil {
			return p.cert, nil
		}
	}
	if len(names) == 0 || s.served(names[len(names)-1]) || s.self != nil {
		return s.fallback()
	}
	if len(s.cfg.Hosts) > 0 { // a name that is not ours, as an SRV target sent for SNI
		if p := s.lookup(s.cfg.Hosts[0]); p != nil {
			return p.cert, nil
		}
	}
	return nil, fmt.Errorf("%w for %q", ErrNone, names)
}

func (s *Store) served(name string) bool {
	name = ascii(name)
	for _, host := range s.cfg.Hosts {
		if ascii(host) == name {
			return true
		}
	}
	return false
}

// fallback is the self-signed certificate, made if the directory has lost the real one meanwhile.
func (s *Store) fallback() (*tls.Certificate, error) {
	if s.self == nil {
		if err := s.openSelf(); err != nil {
			return nil, err
		}
	}
	return s.self, nil
}

// GetCertificate chooses by the name that the peer asks for (SNI); see tls.Config.
func (s *Store) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	return s.Certificate(hello.ServerName)
}

// For is GetCertificate on a stream that was opened to a host: by SNI, then by host.
func (s *Store) For(host string) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		return s.Certificate(hello.ServerName, host)
	}
}

func (s *Store) lookup(name string) *pair {
	name = ascii(name)
	if p := s.index[name]; p != nil {
		return p
	}
	if _, parent, ok := strings.Cut(name, "."); ok && net.ParseIP(name) == nil {
		return s.index["*."+parent]
	}
	return nil
}

// ascii is a domain as certificates and TLS write it.
func ascii(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if a, err := idna.ToASCII(domain); err == nil {
		return a
	}
	return domain
}
