---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Encodings of bytes.
---@class basexx.library
local lib = {}

---Decodes.
---@param text string
---@param ignore? string
---@return string?
---@return string?
function lib.from_base32(text, ignore) end

---Decodes.
---@param text string
---@param ignore? string
---@return string?
---@return string?
function lib.from_base64(text, ignore) end

---Decodes.
---@param text string
---@return string?
---@return string?
function lib.from_hex(text) end

---Decodes.
---@param text string
---@param ignore? string
---@return string?
---@return string?
function lib.from_url64(text, ignore) end

---Encodes.
---@param bytes string
---@return string
function lib.to_base32(bytes) end

---Encodes.
---@param bytes string
---@return string
function lib.to_base64(bytes) end

---Encodes.
---@param bytes string
---@return string
function lib.to_hex(bytes) end

---Encodes for URLs.
---@param bytes string
---@return string
function lib.to_url64(bytes) end

return lib
