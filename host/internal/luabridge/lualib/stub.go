package lualib

type promises struct{}
type asyncState struct{}
