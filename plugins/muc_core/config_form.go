package muccore

import "context"

func (s *service) loadConfigForm(context.Context) error { return nil }

// configField registers a field of the configuration form.
func (s *service) configField(f configField) {} // FIXME declared only
