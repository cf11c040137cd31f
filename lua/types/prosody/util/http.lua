---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Texts of HTTP.
---@class util.http.library
local lib = {}

---Whether a header's list has a word.
---@param list string
---@param token string
---@return boolean
function lib.contains_token(list, token) end

---Reads a form.
---@param text string
---@return table
function lib.formdecode(text) end

---Writes a form.
---@param form table
---@return string
function lib.formencode(form) end

---A path with one slash at a time.
---@param path string
---@param is_dir? boolean
---@return string
function lib.normalize_path(path, is_dir) end

---Reads a header Forwarded (RFC 7239).
---@param header string
---@return table?
---@return string?
function lib.parse_forwarded(header) end

---Undoes that.
---@param text string
---@return string
function lib.urldecode(text) end

---Writes what may not stand in a URL as %XX.
---@param text string
---@return string
function lib.urlencode(text) end

return lib
