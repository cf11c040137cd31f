package muccore

// storeState are the stores of rooms.
type storeState struct{}
