package moduleapi

import "quatrain/sdk"

// Metric is a family named prosody_mod_MODULE/NAME; on a host its first label is the host.
func (m *Module) Metric(kind, name, unit, description string, labels ...string) sdk.MetricFamily {
	family := m.srv.Metrics.Family(kind, "prosody_mod_"+m.name+"/"+name, unit, description, append([]string{"host"}, labels...)...)
	return hostMetric{family, m.host}
}

// hostMetric fills in the host label.
type hostMetric struct {
	family sdk.MetricFamily
	host   string
}

func (h hostMetric) With(labels ...string) sdk.Metric {
	return h.family.With(append([]string{h.host}, labels...)...)
}
