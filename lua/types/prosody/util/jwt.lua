---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---JSON Web Tokens (RFC 7519).
---@class util.jwt.library
local lib = {}

---Both.
---@param algorithm string
---@param private_key string
---@param public_key? string
---@param options? table
---@return fun(payload: table): string
---@return fun(token: string): boolean
---@return table|string
function lib.init(algorithm, private_key, public_key, options) end

---A function that signs.
---@param algorithm string
---@param key string
---@param options? table
---@return fun(payload: table): string
function lib.new_signer(algorithm, key, options) end

---A function that verifies.
---@param algorithm string
---@param key string
---@param options? table
---@return fun(token: string): boolean
---@return table|string
function lib.new_verifier(algorithm, key, options) end

---Signs with HS256.
---@param key string
---@param payload table
---@return string
function lib.sign(key, payload) end

---Verifies HS256.
---@param key string
---@param token string
---@return boolean
---@return table|string
function lib.verify(key, token) end

return lib
