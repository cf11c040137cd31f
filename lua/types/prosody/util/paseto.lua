---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---PASETO tokens (Prosody 13).
---@class util.paseto.library
local lib = {}

---Several strings in one, so that no others give the same.
---@param parts string[]
---@return string
function lib.pae(parts) end

lib.v3_local = {}

---What it holds.
---@param token string
---@param key string
---@param footer? string
---@param implicit? string
---@return table?
---@return string?
function lib.v3_local.decrypt(token, key, footer, implicit) end

---A token that is encrypted.
---@param payload table
---@param key string
---@param footer? string
---@param implicit? string
---@return string?
---@return string?
function lib.v3_local.encrypt(payload, key, footer, implicit) end

---What encrypts and what decrypts with such a key.
---@param key string
---@return function
---@return function
function lib.v3_local.init(key) end

---A key as text.
---@return string
function lib.v3_local.new_key() end

lib.v4_public = {}

---A key.
---@param pem string
---@return table
function lib.v4_public.import_private_key(pem) end

---A key.
---@param pem string
---@return table
function lib.v4_public.import_public_key(pem) end

---What signs and what verifies.
---@param private_pem? string
---@param public_pem? string
---@return function?
---@return function?
function lib.v4_public.init(private_pem, public_pem) end

---Keys: private_key, public_key.
---@return table
function lib.v4_public.new_keypair() end

---A token that is signed.
---@param payload table
---@param key table
---@param footer? string
---@param implicit? string
---@return string?
---@return string?
function lib.v4_public.sign(payload, key, footer, implicit) end

---What it holds.
---@param token string
---@param key table
---@param footer? string
---@param implicit? string
---@return table?
---@return string?
function lib.v4_public.verify(token, key, footer, implicit) end

return lib
