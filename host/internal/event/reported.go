package event

import "errors"

// reported tells whether err comes from an event fired inside the failed handler, whose bus has logged it already.
func reported(err error) bool {
	var inner *HandlerError
	return errors.As(err, &inner)
}
