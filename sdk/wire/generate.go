package wire

// The generated code needs protoc 3.21, and on the PATH protoc-gen-go of google.golang.org/protobuf v1.36.11 and protoc-gen-go-grpc v1.6.0.
//go:generate protoc --go_out=pb --go_opt=paths=source_relative --go-grpc_out=pb --go-grpc_opt=paths=source_relative plugin.proto
