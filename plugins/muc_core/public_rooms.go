package muccore

// publicRoomsState is the index of public rooms.
type publicRoomsState struct{}
