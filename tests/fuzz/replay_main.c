/* replay_main: a fuzz target without a fuzzer. Runs LLVMFuzzerTestOneInput over the files and directories
 * that are its arguments, and says how many there were. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long inputs;

/* Memory of exactly the size, so that a read behind it is found. */
static int run_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = malloc(size ? size : 1);
	int ok = file && data && fread(data, 1, size, file) == size;

	if (ok)
		LLVMFuzzerTestOneInput(data, size);
	else
		perror(path);
	if (file)
		fclose(file);
	free(data);
	inputs += (unsigned long)ok;
	return ok;
}

static int run(const char *path);

static int run_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int ok = directory != NULL;

	if (!ok)
		perror(path);
	while (ok && (entry = readdir(directory)) != NULL) {
		char child[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
		ok = run(child);
	}
	if (directory)
		closedir(directory);
	return ok;
}

static int run(const char *path)
{
	struct stat what;

	if (stat(path, &what) != 0) {
		perror(path);
		return 0;
	}
	return S_ISDIR(what.st_mode) ? run_directory(path) : run_file(path, (size_t)what.st_size);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!run(argv[i]))
			return 1;
	printf("%lu inputs\n", inputs);
	return inputs == 0;
}
