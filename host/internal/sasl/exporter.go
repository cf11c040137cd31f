package sasl

import "crypto/tls"

// TLSExporter is the type of channel binding that we offer (RFC 9266).
const TLSExporter = "tls-exporter"

// ExporterData is the binding of a TLS 1.3 connection, nil for older ones, on which tls-exporter may not be unique.
func ExporterData(state *tls.ConnectionState) []byte {
	if state.Version < tls.VersionTLS13 {
		return nil
	}
	data, err := state.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
	if err != nil {
		return nil
	}
	return data
}
