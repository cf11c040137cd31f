package muc

import (
	"context"

	"quatrain/sdk"
)

// ChangeTogether makes one of several changes, as a form or a list of people has them: what setters change within change is saved once, when
// it returns, and only then people are told or removed. If change fails, or the saving, everything is as before, and that is the error. Within
// another such call it is part of that.
func (r Room) ChangeTogether(ctx context.Context, change func(ctx context.Context) error) error {
	var failed error
	f := sdk.Func(func(ctx context.Context, _ ...any) ([]any, error) {
		failed = change(ctx)
		return results(failed)
	})
	if err := do(ctx, r.Object, "change_together", f); err != nil {
		if failed != nil {
			return failed
		}
		return err
	}
	return nil
}

// SaveLater lets the changes of a ChangeTogether be saved at its end; false outside of one, where the caller has to Save.
func (r Room) SaveLater(ctx context.Context) (bool, error) {
	v, err := ask(ctx, r.Object, "save_later")
	return truthy(v), err
}

// OnceSaved calls f when what is being changed together is saved, and never if it is not; at once if nothing is. For telling people.
func (r Room) OnceSaved(ctx context.Context, f func(ctx context.Context) error) error {
	_, err := call(ctx, r.Object, "once_saved", action(f))
	return err
}

// UnlessSaved calls f if what is being changed together is not saved after all. For taking back what does not lie in the room.
func (r Room) UnlessSaved(ctx context.Context, f func(ctx context.Context) error) error {
	_, err := call(ctx, r.Object, "unless_saved", action(f))
	return err
}

func action(f func(ctx context.Context) error) sdk.Function {
	return sdk.Func(func(ctx context.Context, _ ...any) ([]any, error) { return nil, f(ctx) })
}
