package muccore

import (
	"context"

	"quatrain/sdk"
)

// Export is what other plugins find in module:depends("muc_core").
func (s *service) Export(ctx context.Context, name string) (any, error) { return nil, nil }

var _ sdk.Exporter = (*service)(nil)
