-- util.paseto: PASETO tokens (Prosody 13), as tables encrypted with a shared key (v3.local) or signed (v4.public). What is wrong with a token
-- comes as nil and a word; what is wrong with a key is an error.
local crypto = require "util.crypto";
local hashes = require "util.hashes";
local hex = require "util.hex";
local json = require "util.json";
local base64 = require "util.encodings".base64;
local random_bytes = require "util.random".bytes;

local function encode(data)
	return (base64.encode(data):gsub("[+/=]", { ["+"] = "-"; ["/"] = "_"; ["="] = "" }));
end

local function decode(text)
	text = text:gsub("[-_]", { ["-"] = "+"; ["_"] = "/" });
	return base64.decode(text..("="):rep(-#text % 4));
end

-- A number as eight bytes, the lowest first.
local function le64(n)
	local bytes = {};
	for i = 1, 8 do
		bytes[i] = string.char(n % 256);
		n = math.floor(n / 256);
	end
	return table.concat(bytes);
end

-- Several strings in one, so that no others give the same (PASETO: pre-authentication encoding).
local function pae(parts)
	local out = { le64(#parts) };
	for _, part in ipairs(parts) do
		out[#out+1] = le64(#part)..part;
	end
	return table.concat(out);
end

local function with_footer(token, footer)
	return footer ~= "" and token.."."..encode(footer) or token;
end

-- The bytes of a token with a header, and its footer; nil and why not if it has another form, or not the footer that is expected.
local function open(token, header, expected_footer)
	if token:sub(1, #header) ~= header then
		return nil, "invalid-token-format";
	end
	local body, footer = token:sub(#header+1):match("^([%w_-]+)%.?([%w_-]*)$");
	local bytes, plain_footer = body and decode(body), footer and decode(footer);
	if not bytes or not plain_footer then
		return nil, "invalid-token-format";
	elseif expected_footer and not hashes.equals(expected_footer, plain_footer) then
		return nil, "invalid-footer";
	end
	return bytes, plain_footer;
end

local function payload_of(text)
	local payload = json.decode(text);
	if type(payload) ~= "table" then
		return nil, "json-decode-error";
	end
	return payload;
end

local v3_local, v4_public = {}, {};

-- The keys of one token: for encryption, its initialisation vector, and for the code that authenticates it.
local function derive(key, nonce)
	local encryption = hashes.hkdf_hmac_sha384(48, key, nil, "paseto-encryption-key"..nonce);
	return encryption:sub(1, 32), encryption:sub(33), hashes.hkdf_hmac_sha384(48, key, nil, "paseto-auth-key-for-aead"..nonce);
end

-- payload, key of 32 bytes, footer that everybody can read, text that both sides know.
function v3_local.encrypt(payload, key, footer, implicit)
	assert(#key == 32, "v3.local: want a key of 32 bytes");
	if type(payload) ~= "table" then
		return nil, "PASETO payloads must be a table";
	end
	local header, nonce = "v3.local.", random_bytes(32);
	local encryption_key, iv, authentication_key = derive(key, nonce);
	local text = crypto.aes_256_ctr_encrypt(encryption_key, iv, json.encode(payload));
	local code = hashes.hmac_sha384(authentication_key, pae { header, nonce, text, footer or "", implicit or "" });
	return with_footer(header..encode(nonce..text..code), footer or "");
end

function v3_local.decrypt(token, key, expected_footer, implicit)
	assert(#key == 32, "v3.local: want a key of 32 bytes");
	local header = "v3.local.";
	local bytes, footer = open(token, header, expected_footer);
	if not bytes then
		return nil, footer;
	elseif #bytes < 80 then
		return nil, "invalid-token-format";
	end
	local nonce, text, code = bytes:sub(1, 32), bytes:sub(33, -49), bytes:sub(-48);
	local encryption_key, iv, authentication_key = derive(key, nonce);
	if not hashes.equals(code, hashes.hmac_sha384(authentication_key, pae { header, nonce, text, footer, implicit or "" })) then
		return nil, "invalid-token";
	end
	return payload_of(crypto.aes_256_ctr_decrypt(encryption_key, iv, text));
end

local key_prefix = "secret-token:paseto.v3.local:";

-- A key as text, to be stored.
function v3_local.new_key()
	return key_prefix..hex.to(random_bytes(32));
end

-- What encrypts and what decrypts with a key of new_key.
function v3_local.init(key)
	local digits = key:sub(1, #key_prefix) == key_prefix and key:sub(#key_prefix+1) or "";
	assert(#digits == 64 and not digits:find("%X"), "v3.local: invalid key");
	local bytes = hex.from(digits);
	return function (payload, footer, implicit)
		return v3_local.encrypt(payload, bytes, footer, implicit);
	end, function (token, expected_footer, implicit)
		return v3_local.decrypt(token, bytes, expected_footer, implicit);
	end;
end

local private_mt = { __index = { export = function (self) return self.key:private_pem(); end } };
local public_mt = { __index = { export = function (self) return self.key:public_pem(); end } };

function v4_public.sign(payload, private_key, footer, implicit)
	assert(getmetatable(private_key) == private_mt, "cannot sign v4.public tokens with this key");
	if type(payload) ~= "table" then
		return nil, "PASETO payloads must be a table";
	end
	local header, text = "v4.public.", json.encode(payload);
	local signature = crypto.ed25519_sign(private_key.key, pae { header, text, footer or "", implicit or "" });
	return with_footer(header..encode(text..signature), footer or "");
end

function v4_public.verify(token, public_key, expected_footer, implicit)
	assert(getmetatable(public_key) == public_mt, "cannot verify v4.public tokens with this key");
	local header = "v4.public.";
	local bytes, footer = open(token, header, expected_footer);
	if not bytes then
		return nil, footer;
	elseif #bytes <= 64 then
		return nil, "invalid-token-format";
	end
	local text, signature = bytes:sub(1, -65), bytes:sub(-64);
	if not crypto.ed25519_verify(public_key.key, pae { header, text, footer, implicit or "" }, signature) then
		return nil, "invalid-token";
	end
	return payload_of(text);
end

function v4_public.new_keypair()
	local key = crypto.generate_ed25519_keypair();
	return { private_key = setmetatable({ key = key }, private_mt); public_key = setmetatable({ key = key }, public_mt) };
end

local function import(pem, reader, mt)
	local key = assert(reader(pem));
	assert(key:get_type() == "ED25519", "v4.public: want a key of Ed25519");
	return setmetatable({ key = key }, mt);
end

function v4_public.import_private_key(pem) return import(pem, crypto.import_private_pem, private_mt); end
function v4_public.import_public_key(pem) return import(pem, crypto.import_public_pem, public_mt); end

-- What signs and what verifies, with keys in PEM; either may be nil.
function v4_public.init(private_pem, public_pem)
	local private_key = private_pem and v4_public.import_private_key(private_pem);
	local public_key = public_pem and v4_public.import_public_key(public_pem);
	return private_key and function (payload, footer, implicit)
		return v4_public.sign(payload, private_key, footer, implicit);
	end, public_key and function (token, expected_footer, implicit)
		return v4_public.verify(token, public_key, expected_footer, implicit);
	end;
end

return { pae = pae; v3_local = v3_local; v4_public = v4_public };
