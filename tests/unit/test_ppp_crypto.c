/* examples/ppp/crypto: the published vectors of MD4, MD5, SHA-1, DES, RC4, MS-CHAP and MPPE. */
#include "check.h"
#include "des.h"
#include "digest.h"
#include "mppe.h"
#include "wipe.h"

static size_t from_hex(const char *hex, uint8_t *ret)
{
	size_t n = 0;
	for (; hex[0] && hex[1]; hex += 2) {
		char two[3] = {hex[0], hex[1], 0};
		ret[n++] = (uint8_t)strtoul(two, NULL, 16);
	}
	return n;
}

static void check_hex(const uint8_t *is, const char *wanted, const char *what)
{
	uint8_t octets[256];
	size_t len = from_hex(wanted, octets);
	check_octets(is, octets, len, what, __FILE__, __LINE__);
}

/* RFC 1320 A.5, RFC 1321 A.5, RFC 3174 7.3; in one piece and octet by octet. */
static void test_crypto_digests(void **state)
{
	static const struct {
		enum digest_kind kind;
		const char *text, *wanted;
	} rows[] = {
	        {DIGEST_MD4, "", "31d6cfe0d16ae931b73c59d7e0c089c0"},
	        {DIGEST_MD4, "abc", "a448017aaf21d8525fc10ae87aa6729d"},
	        {DIGEST_MD4, "message digest", "d9130a8164549fe818874806e1c7014b"},
	        {DIGEST_MD4,
	         "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
	         "e33b4ddc9c38f2199c3e7b164fcc0536"},
	        {DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
	        {DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
	        {DIGEST_MD5, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
	         "d174ab98d277d9f5a5611c2c9f419d9f"},
	        {DIGEST_MD5,
	         "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
	         "57edf4a22be3c955ac49da2e2107b67a"},
	        {DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	        {DIGEST_SHA1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	         "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
	};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		struct digest digest;
		uint8_t is[SHA1_OCTETS];
		check_row("%d of \"%s\"", rows[i].kind, rows[i].text);
		digest_begin(&digest, rows[i].kind);
		digest_put(&digest, rows[i].text, strlen(rows[i].text));
		digest_end(&digest, is);
		check_hex(is, rows[i].wanted, "digest");
		digest_begin(&digest, rows[i].kind);
		for (k = 0; rows[i].text[k]; k++)
			digest_put(&digest, rows[i].text + k, 1);
		digest_end(&digest, is);
		check_hex(is, rows[i].wanted, "digest, octet by octet");
	}
}

/* RFC 3174 7.3, test 3: many blocks. */
static void test_crypto_long_digest(void **state)
{
	struct digest digest;
	uint8_t piece[1000], is[SHA1_OCTETS];
	int i;
	(void)state;
	memset(piece, 'a', sizeof(piece));
	digest_begin(&digest, DIGEST_SHA1);
	for (i = 0; i < 1000; i++)
		digest_put(&digest, piece, sizeof(piece));
	digest_end(&digest, is);
	check_hex(is, "34aa973cd4c4daa4f61eeb2bdbad27316534016f", "a million a");
}

/* RFC 2433 B.3: the keys without parity, each encrypting the challenge; and all-zero and all-one texts. */
static void test_crypto_des(void **state)
{
	static const struct {
		const char *key, *text, *wanted;
	} rows[] = {
	        {"00000000000000", "0000000000000000", "8ca64de9c1b123a7"},
	        {"ffffffffffffff", "ffffffffffffffff", "7359b2163e4edc58"},
	        {"fc156af7edcd6c", "102db5df085d3041", "4e9d3c8f9cfd385d"},
	        {"0edde3337d427f", "102db5df085d3041", "5bf4d3246791956c"},
	        {"4eac0000000000", "102db5df085d3041", "a4c351ab409a3d61"},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		uint8_t key[DES_KEY_OCTETS], text[DES_BLOCK_OCTETS], is[DES_BLOCK_OCTETS];
		check_row("key %s", rows[i].key);
		from_hex(rows[i].key, key);
		from_hex(rows[i].text, text);
		des_encrypt(key, text, is);
		check_hex(is, rows[i].wanted, "DES");
	}
}

/* RFC 3079 3.5: "test message" under each of its session keys; RFC 6229 for the cipher alone. */
static void test_crypto_rc4(void **state)
{
	static const struct {
		const char *key, *wanted;
	} rows[] = {
	        {"d1269ec49fa62e3e", "929137917e5803d668d75898"},
	        {"d15c00c49fa62e3e", "3f106833fa448da842bc57b8"},
	        {"405cb2247a7956e6e211007ae27b22d4", "81848317df68846272fb5abe"},
	};
	static const uint8_t five[] = {1, 2, 3, 4, 5};
	uint8_t stream[16];
	struct rc4 rc4;
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		uint8_t key[16], text[] = "test message";
		check_row("key %s", rows[i].key);
		rc4_begin(&rc4, key, from_hex(rows[i].key, key));
		rc4_apply(&rc4, text, 12);
		check_hex(text, rows[i].wanted, "RC4");
	}
	memset(stream, 0, sizeof(stream));
	rc4_begin(&rc4, five, sizeof(five));
	rc4_apply(&rc4, stream, sizeof(stream));
	check_hex(stream, "b2396305f03dc027ccc3524a0a1118a8", "RFC 6229");
}

/* RFC 2433 B.2 and B.3. */
static void test_crypto_mschap_v1(void **state)
{
	uint8_t hash[MSCHAP_HASH_OCTETS], challenge[MSCHAP1_CHALLENGE_OCTETS];
	uint8_t response[MSCHAP_RESPONSE_OCTETS], key[MPPE_KEY_MAX];
	struct mppe mppe;
	(void)state;
	CHECK_EQ(mschap_nt_hash("MyPw", 4, hash), 0);
	check_hex(hash, "fc156af7edcd6c0edde3337d427f4eac", "NT hash");
	from_hex("102db5df085d3041", challenge);
	mschap_response(challenge, hash, response);
	check_hex(response, "4e9d3c8f9cfd385d5bf4d3246791956ca4c351ab409a3d61", "response");

	/* RFC 3079 2.5 */
	CHECK_EQ(mschap_nt_hash("clientPass", 10, hash), 0);
	mppe_start_key_v1(hash, challenge, key);
	check_hex(key, "a8947850cfc0acc1d1789fb62ddcddb0", "initial key");
	mppe_begin(&mppe, MPPE_128, 0, key);
	check_hex(mppe.session_key, "59d159bc09f76f1da2a86a28ffec0b1e", "128 bits");
	CHECK_EQ(mschap_lm_hash("clientPass", 10, hash), 0);
	check_hex(hash, "76a152936096d7830e2390227404afd2", "LM hash");
	mppe_begin(&mppe, MPPE_40, 0, hash);
	check_hex(mppe.session_key, "d1269e538cec4a08", "40 bits");
	mppe_begin(&mppe, MPPE_56, 0, hash);
	check_hex(mppe.session_key, "d10801538cec4a08", "56 bits");
}

/* RFC 2759 9.2; the domain does not count (4). */
static void test_crypto_mschap_v2(void **state)
{
	static const char *const names[] = {"User", "DOMAIN\\User", "A\\B\\User"};
	uint8_t authenticator[MSCHAP2_CHALLENGE_OCTETS], peer[MSCHAP2_CHALLENGE_OCTETS];
	uint8_t hash[MSCHAP_HASH_OCTETS], challenge[MSCHAP1_CHALLENGE_OCTETS];
	uint8_t response[MSCHAP_RESPONSE_OCTETS], success[MSCHAP2_SUCCESS_OCTETS];
	uint8_t client[MPPE_KEY_MAX], server[MPPE_KEY_MAX];
	size_t i;
	(void)state;
	from_hex("5b5d7c7d7b3f2f3e3c2c602132262628", authenticator);
	from_hex("21402324255e262a28295f2b3a337c7e", peer);
	CHECK_EQ(mschap_nt_hash("clientPass", 10, hash), 0);
	check_hex(hash, "44ebba8d5312b8d611474411f56989ae", "NT hash");
	for (i = 0; i < LEN(names); i++) {
		check_row("%s", names[i]);
		mschap2_challenge_hash(peer, authenticator, (const uint8_t *)names[i], strlen(names[i]),
		                       challenge);
		check_hex(challenge, "d02e4386bce91226", "challenge hash");
	}
	mschap_response(challenge, hash, response);
	check_hex(response, "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df", "response");
	mschap2_success(hash, response, challenge, success);
	CHECK_OCTETS(success, "S=407A5589115FD0D6209F510FE9C04566932CDA56", MSCHAP2_SUCCESS_OCTETS);
	mppe_start_keys(hash, response, 16, client, server);
	check_hex(client, "d5f0e9521e3ea9589645e86051c82226", "client sends");
	check_hex(server, "8b7cdc149b993a1ba118cb153f56dccb", "server sends");
}

static void test_crypto_passwords(void **state)
{
	static const struct {
		const char *name, *utf8, *utf16; /* NULL: refused */
	} rows[] = {
	        {"empty", "", ""},
	        {"two octets", "\xC3\xA4", "e400"},
	        {"three octets", "\xE2\x82\xAC", "ac20"},
	        {"a surrogate pair", "\xF0\x9F\x94\x91", "3dd811dd"},
	        {"cut off", "\xC3", NULL},
	        {"no continuation", "\xC3(", NULL},
	        {"overlong", "\xC0\xAF", NULL},
	        {"overlong in three", "\xE0\x80\xAF", NULL},
	        {"a surrogate", "\xED\xA0\x80", NULL},
	        {"above Unicode", "\xF4\x90\x80\x80", NULL},
	        {"a continuation alone", "\x80", NULL},
	};
	char longest[MSCHAP_PASSWORD_UNITS + 1];
	uint8_t is[MSCHAP_HASH_OCTETS];
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		int result = mschap_nt_hash(rows[i].utf8, strlen(rows[i].utf8), is);
		check_row("%s", rows[i].name);
		CHECK_EQ(result, rows[i].utf16 ? 0 : -1);
		if (rows[i].utf16) {
			uint8_t octets[8], wanted[MSCHAP_HASH_OCTETS];
			struct digest digest;
			digest_begin(&digest, DIGEST_MD4);
			digest_put(&digest, octets, from_hex(rows[i].utf16, octets));
			digest_end(&digest, wanted);
			CHECK_OCTETS(is, wanted, sizeof(wanted));
		}
	}
	memset(longest, 'x', sizeof(longest));
	CHECK_EQ(mschap_nt_hash(longest, MSCHAP_PASSWORD_UNITS, is), 0);
	CHECK_EQ(mschap_nt_hash(longest, MSCHAP_PASSWORD_UNITS + 1, is), -1);
	CHECK_EQ(mschap_lm_hash("123456789012345", 15, is), -1);
	CHECK_EQ(mschap_lm_hash("\xC3\xA4", 2, is), -1);
	CHECK_EQ(same_secret((const uint8_t *)"abc", (const uint8_t *)"abd", 3), 0);
	CHECK_EQ(same_secret((const uint8_t *)"abc", (const uint8_t *)"abc", 3), 1);
}

/* ---- MPPE ---------------------------------------------------------------------------------------------- */

#define PLAIN "002145000014000000004001f795c0a80101c0a80102"

struct packet {
	uint8_t octets[64];
	size_t len;
};

static struct packet encrypt_next(struct mppe *mppe)
{
	struct packet p;
	size_t len = from_hex(PLAIN, p.octets + MPPE_HEADER_OCTETS);
	mppe_encrypt(mppe, p.octets + MPPE_HEADER_OCTETS, len);
	p.len = len + MPPE_HEADER_OCTETS;
	return p;
}

static enum mppe_result decrypt(struct mppe *mppe, struct packet p)
{
	enum mppe_result result = mppe_decrypt(mppe, p.octets, p.len);
	if (result == MPPE_OK)
		check_hex(p.octets + MPPE_HEADER_OCTETS, PLAIN, "plain text");
	return result;
}

static void begin(struct mppe *mppe, int bits, int stateless, const char *start_key)
{
	uint8_t key[MPPE_KEY_MAX];
	from_hex(start_key, key);
	mppe_begin(mppe, (enum mppe_bits)bits, stateless, key);
}

static void test_mppe_key_chain(void **state)
{
	static const struct {
		int bits;
		const char *start_key, *keys[6];
	} rows[] = {
	        {40,
	         "d5f0e9521e3ea958",
	         {"d1269ed2ae999038", "d1269e772b557ec1", "d1269ed36d6287c8", "d1269e668c5dd844",
	          "d1269ec013db8286", "d1269e3644007130"}},
	        {56,
	         "d5f0e9521e3ea958",
	         {"d16a9bd2ae999038", "d1ef3d78b562dea9", "d158dcb865db5e4c", "d1f665a1ea7713f6",
	          "d16b7d4ea877bff1", "d115e9171875b97b"}},
	        {128,
	         "d5f0e9521e3ea9589645e86051c82226",
	         {"49d11d0f0cc6befba2a9b4b688f91eee", "0e09c108101dfddef6c0e2f2d95d0bad",
	          "03273439ac5f94c97f13d9133df4dfc5", "146489fcdbcddfed41085fb0e7db0166",
	          "405ce364031099fe5301818c59f87770", "ad1430e52d7b0d42758bc7290ba49522"}},
	};
	size_t i, k;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		struct mppe mppe;
		check_row("%d bits", rows[i].bits);
		begin(&mppe, rows[i].bits, 1, rows[i].start_key);
		for (k = 0; k < LEN(rows[i].keys); k++) {
			check_hex(mppe.session_key, rows[i].keys[k], "session key");
			encrypt_next(&mppe);
		}
	}
}

static void test_mppe_packets(void **state)
{
	static const struct {
		int bits, stateless;
		const char *start_key;
		uint32_t count;
		const char *session_key, *frame;
	} rows[] = {
	        {40, 1, "d5f0e9521e3ea958", 0, "d1269e772b557ec1",
	         "ff0300fd9000b243a2901f6409c0912fdbf8635859275bc55ad3725e"},
	        {40, 1, "d5f0e9521e3ea958", 1, "d1269ed36d6287c8",
	         "ff0300fd9001743feb7fc8f177c0efa867bbe6e6a5aeb8b863862bfc"},
	        {40, 1, "d5f0e9521e3ea958", 2, "d1269e668c5dd844",
	         "ff0300fd90027efdd87a0535bfb4b6374f032467b63debf4f81809c2"},
	        {40, 0, "d5f0e9521e3ea958", 0, "d1269ed2ae999038",
	         "ff0300fd1000ae6bca24925f77a76cc6d5df659bd500a1a17eed8553"},
	        {40, 0, "d5f0e9521e3ea958", 1, "d1269ed2ae999038",
	         "ff0300fd1001c7a7dcef941688e7e419d3b4fe89edbea0d50665ef3b"},
	        {40, 0, "d5f0e9521e3ea958", 2, "d1269ed2ae999038",
	         "ff0300fd100297cd54dc9060d37d3a547aadca29bf9e5629627f72d5"},
	        {56, 1, "d5f0e9521e3ea958", 0, "d1ef3d78b562dea9",
	         "ff0300fd9000b655d03900d8038247673481f0d2b0f1a9388403fa26"},
	        {56, 1, "d5f0e9521e3ea958", 1, "d158dcb865db5e4c",
	         "ff0300fd900150e1e939d88f554f111de6435e07acb879c6f724bd69"},
	        {56, 1, "d5f0e9521e3ea958", 2, "d1f665a1ea7713f6",
	         "ff0300fd9002668c6ea6e3319540dc24adfc25540f9876a57e1254d5"},
	        {56, 0, "d5f0e9521e3ea958", 0, "d16a9bd2ae999038",
	         "ff0300fd10003ef2e915544e433b569a4238fb36fcf10ef13c9aab47"},
	        {56, 0, "d5f0e9521e3ea958", 1, "d16a9bd2ae999038",
	         "ff0300fd10011a886e469fcd955dc79cc6f47a22ced31edf9fffbdd6"},
	        {56, 0, "d5f0e9521e3ea958", 2, "d16a9bd2ae999038",
	         "ff0300fd1002eb1de16418a8aa4f95422f8f19dbb0912c1867e6f592"},
	        {128, 1, "d5f0e9521e3ea9589645e86051c82226", 0, "0e09c108101dfddef6c0e2f2d95d0bad",
	         "ff0300fd90003f79989876f0f2254a21c66e7ea5ab54263411ffbab5"},
	        {128, 1, "d5f0e9521e3ea9589645e86051c82226", 1, "03273439ac5f94c97f13d9133df4dfc5",
	         "ff0300fd9001fb2e423d06714fa3e00c82d0e958aa61593a06984264"},
	        {128, 1, "d5f0e9521e3ea9589645e86051c82226", 2, "146489fcdbcddfed41085fb0e7db0166",
	         "ff0300fd9002e86e453924e3a7b3563f20a5364a6aef8ddbd0c841e0"},
	        {128, 0, "d5f0e9521e3ea9589645e86051c82226", 0, "49d11d0f0cc6befba2a9b4b688f91eee",
	         "ff0300fd1000c1289f22b5982fb866909d58759529272470c6ef9140"},
	        {128, 0, "d5f0e9521e3ea9589645e86051c82226", 1, "49d11d0f0cc6befba2a9b4b688f91eee",
	         "ff0300fd10019fce92a4cfa201eb0425582609d7752f4a94c688c95d"},
	        {128, 0, "d5f0e9521e3ea9589645e86051c82226", 2, "49d11d0f0cc6befba2a9b4b688f91eee",
	         "ff0300fd10028d63a7323223cd3ba31c8b59c4697aee67669fb7fb28"},
	        {40, 0, "d5f0e9521e3ea958", 254, "d1269ed2ae999038",
	         "ff0300fd10fe7cd93e58e933b041442c249e75b2e9cbe1667bd040e2"},
	        {40, 0, "d5f0e9521e3ea958", 255, "d1269e772b557ec1",
	         "ff0300fd90ffb243a2901f6409c0912fdbf8635859275bc55ad3725e"},
	        {40, 0, "d5f0e9521e3ea958", 256, "d1269e772b557ec1",
	         "ff0300fd1100171cb73f994d65168aa799c22594b92bca3e750d7b07"},
	        {56, 0, "d5f0e9521e3ea958", 255, "d1ef3d78b562dea9",
	         "ff0300fd90ffb655d03900d8038247673481f0d2b0f1a9388403fa26"},
	        {128, 0, "d5f0e9521e3ea9589645e86051c82226", 254, "49d11d0f0cc6befba2a9b4b688f91eee",
	         "ff0300fd10fecce5ea08508e9e4447c9783a98e1b17549514167dd68"},
	        {128, 0, "d5f0e9521e3ea9589645e86051c82226", 255, "0e09c108101dfddef6c0e2f2d95d0bad",
	         "ff0300fd90ff3f79989876f0f2254a21c66e7ea5ab54263411ffbab5"},
	        {128, 0, "d5f0e9521e3ea9589645e86051c82226", 256, "0e09c108101dfddef6c0e2f2d95d0bad",
	         "ff0300fd1100e3633e82a852e1723352bd5ea0743ec8a4908e7d3794"},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		struct mppe sender, receiver;
		struct packet p;
		uint32_t n;
		check_row("%d bits, %s, packet %u", rows[i].bits,
		          rows[i].stateless ? "stateless" : "stateful", rows[i].count);
		begin(&sender, rows[i].bits, rows[i].stateless, rows[i].start_key);
		begin(&receiver, rows[i].bits, rows[i].stateless, rows[i].start_key);
		for (n = 0; n <= rows[i].count; n++) {
			p = encrypt_next(&sender);
			CHECK_EQ(decrypt(&receiver, p), MPPE_OK);
		}
		check_hex(sender.session_key, rows[i].session_key, "session key");
		check_hex(p.octets, rows[i].frame + 8, "frame"); /* behind FF 03 00 FD */
	}
}

/* Keys far on, across the end of the count. */
static void test_mppe_stateless_far(void **state)
{
	static const struct {
		int bits;
		const char *start_key;
		uint32_t count;
		const char *session_key;
	} rows[] = {
	        {40, "d5f0e9521e3ea958", 255, "d1269ede56e3365a"},
	        {40, "d5f0e9521e3ea958", 4095, "d1269e1b5f452319"},
	        {40, "d5f0e9521e3ea958", 4096, "d1269e2c00936ec6"},
	        {56, "d5f0e9521e3ea958", 255, "d1cb599c60615fac"},
	        {56, "d5f0e9521e3ea958", 4095, "d125d6d6fcc63972"},
	        {128, "d5f0e9521e3ea9589645e86051c82226", 255, "f9365d685c307f4e2c64020daf26085c"},
	        {128, "d5f0e9521e3ea9589645e86051c82226", 4095, "e3f0c4af570cb2911d2ba8d4dbff3300"},
	        {128, "d5f0e9521e3ea9589645e86051c82226", 4096, "3edb8f1c690523673c8fcc9b0c9b7b5d"},
	};
	size_t i;
	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		struct mppe sender;
		uint32_t n;
		check_row("%d bits, packet %u", rows[i].bits, rows[i].count);
		begin(&sender, rows[i].bits, 1, rows[i].start_key);
		for (n = 0; n <= rows[i].count; n++)
			encrypt_next(&sender);
		check_hex(sender.session_key, rows[i].session_key, "session key");
	}
}

/* Lost, late, doubled and forged packets in stateless mode: the key goes on with what was really sent. */
static void test_mppe_stateless_loss(void **state)
{
	struct mppe sender, receiver;
	struct packet late, p;
	int i;
	(void)state;
	begin(&sender, 128, 1, "d5f0e9521e3ea9589645e86051c82226");
	begin(&receiver, 128, 1, "d5f0e9521e3ea9589645e86051c82226");
	CHECK_EQ(decrypt(&receiver, encrypt_next(&sender)), MPPE_OK);
	late = encrypt_next(&sender);
	p = encrypt_next(&sender);
	CHECK_EQ(decrypt(&receiver, p), MPPE_OK);
	CHECK_EQ(decrypt(&receiver, late), MPPE_LATE);
	CHECK_EQ(decrypt(&receiver, p), MPPE_LATE);
	for (i = 0; i < 2000; i++)
		p = encrypt_next(&sender);
	CHECK_EQ(decrypt(&receiver, p), MPPE_OK);
	p = encrypt_next(&sender);
	late = p;
	late.octets[1] = (uint8_t)(late.octets[1] + 5); /* a forged count */
	late.octets[4] ^= 0x55;
	CHECK(decrypt(&receiver, late) != MPPE_OK);
	CHECK_EQ(decrypt(&receiver, p), MPPE_OK);
	mppe_reset_requested(&sender); /* nothing to do here */
	CHECK_EQ(decrypt(&receiver, encrypt_next(&sender)), MPPE_OK);
}

/* Stateful: a gap costs packets until one starts anew, wherever it is. */
static void test_mppe_stateful_loss(void **state)
{
	uint32_t lost_at;
	(void)state;
	for (lost_at = 0; lost_at < 600; lost_at += 7) {
		struct mppe sender, receiver;
		uint32_t n;
		check_row("packet %u lost", lost_at);
		begin(&sender, 40, 0, "d5f0e9521e3ea958");
		begin(&receiver, 40, 0, "d5f0e9521e3ea958");
		for (n = 0; n < lost_at; n++)
			CHECK_EQ(decrypt(&receiver, encrypt_next(&sender)), MPPE_OK);
		encrypt_next(&sender);
		if ((sender.count & 0xFF) == 0xFF)
			continue; /* the next one starts anew by itself */
		CHECK_EQ(decrypt(&receiver, encrypt_next(&sender)), MPPE_LOST_SYNC);
		if ((sender.count & 0xFF) != 0xFF)
			CHECK_EQ(decrypt(&receiver, encrypt_next(&sender)), MPPE_LOST_SYNC);
		mppe_reset_requested(&sender);
		for (n = 0; n < 600; n++)
			CHECK_EQ(decrypt(&receiver, encrypt_next(&sender)), MPPE_OK);
	}
}

static void test_mppe_garbage(void **state)
{
	check_random random = {77};
	struct mppe sender, receiver;
	uint32_t i, passed = 0;
	(void)state;
	begin(&sender, 128, 1, "d5f0e9521e3ea9589645e86051c82226");
	begin(&receiver, 128, 1, "d5f0e9521e3ea9589645e86051c82226");
	for (i = 0; i < 300; i++) {
		uint8_t *data, len = (uint8_t)random_below(&random, 40);
		uint8_t octets[40];
		random_fill(&random, octets, len);
		if (len > 0)
			octets[0] |= 0x08; /* a count that is late, whatever its other bits are */
		data = check_copy(octets, len);
		passed += mppe_decrypt(&receiver, data, len) == MPPE_OK;
		free(data);
	}
	CHECK_EQ(passed, 0);
	CHECK_EQ(decrypt(&receiver, encrypt_next(&sender)), MPPE_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_crypto_digests),      cmocka_unit_test(test_crypto_long_digest),
	        cmocka_unit_test(test_crypto_des),          cmocka_unit_test(test_crypto_rc4),
	        cmocka_unit_test(test_crypto_mschap_v1),    cmocka_unit_test(test_crypto_mschap_v2),
	        cmocka_unit_test(test_crypto_passwords),    cmocka_unit_test(test_mppe_key_chain),
	        cmocka_unit_test(test_mppe_packets),        cmocka_unit_test(test_mppe_stateless_far),
	        cmocka_unit_test(test_mppe_stateless_loss), cmocka_unit_test(test_mppe_stateful_loss),
	        cmocka_unit_test(test_mppe_garbage),
	};
	return cmocka_run_group_tests_name("ppp_crypto", tests, NULL, NULL);
}
