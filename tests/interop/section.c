/*
 * Sections, of memory or over a disk file.
 *   create NAME SIZE PROTECTION | reserve NAME SIZE | file PATH NAME SIZE | readfile PATH NAME | open NAME RIGHTS   (numbers of winnt.h and memoryapi.h)
 *   map BYTES RIGHTS | unmap | extent | read OFFSET BYTES | write OFFSET HEX | commit OFFSET BYTES | flush | cut PATH BYTES | close
 */
#include "peer.h"

static HANDLE section;
static HANDLE file;
static unsigned char *view;

static void make(HANDLE backing, const char *name, long long size, DWORD protection)
{
    section = CreateFileMappingW(backing, NULL, protection, (DWORD)(size >> 32), (DWORD)size, wide(name));
    if (section == NULL)
        failed();
    else
        printf("ok %lu\n", GetLastError());
}

static HANDLE open_file(const char *path, DWORD access)
{
    return CreateFileW(wide(path), access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
}

static void make_over(const char *path, DWORD access, const char *name, long long size, DWORD protection)
{
    file = open_file(path, access);
    if (file == INVALID_HANDLE_VALUE)
        failed();
    else
        make(file, name, size, protection);
}

static void cut(const char *path, long long bytes)
{
    HANDLE other = open_file(path, GENERIC_READ | GENERIC_WRITE);
    LARGE_INTEGER end;
    end.QuadPart = bytes;
    done(other != INVALID_HANDLE_VALUE && SetFilePointerEx(other, end, NULL, FILE_BEGIN) && SetEndOfFile(other));
    CloseHandle(other);
}

static void extent(void)
{
    MEMORY_BASIC_INFORMATION information;
    if (VirtualQuery(view, &information, sizeof information) == 0)
        failed();
    else
        printf("ok %llu\n", (unsigned long long)information.RegionSize);
}

static void show(long long offset, long long bytes)
{
    long long i;
    printf("ok ");
    for (i = 0; i < bytes; i++)
        printf("%02X", view[offset + i]);
    printf("\n");
}

static void put(long long offset, const char *hex)
{
    for (; hex[0] != 0 && hex[1] != 0; hex += 2)
    {
        char digits[3] = { hex[0], hex[1], 0 };
        view[offset++] = (unsigned char)strtoul(digits, NULL, 16);
    }
    printf("ok\n");
}

static void run(char *words[WORDS], int count)
{
    (void)count;
    if (is(words, "create"))
        make(INVALID_HANDLE_VALUE, words[1], number(words[2]), (DWORD)number(words[3]));
    else if (is(words, "reserve"))
        make(INVALID_HANDLE_VALUE, words[1], number(words[2]), PAGE_READWRITE | SEC_RESERVE);
    else if (is(words, "file"))
        make_over(words[1], GENERIC_READ | GENERIC_WRITE, words[2], number(words[3]), PAGE_READWRITE);
    else if (is(words, "readfile"))
        make_over(words[1], GENERIC_READ, words[2], 0, PAGE_READONLY);
    else if (is(words, "open"))
        done((section = OpenFileMappingW((DWORD)number(words[2]), FALSE, wide(words[1]))) != NULL);
    else if (is(words, "map"))
        done((view = MapViewOfFile(section, (DWORD)number(words[2]), 0, 0, (SIZE_T)number(words[1]))) != NULL);
    else if (is(words, "unmap"))
        done(UnmapViewOfFile(view));
    else if (is(words, "extent"))
        extent();
    else if (is(words, "read"))
        show(number(words[1]), number(words[2]));
    else if (is(words, "write"))
        put(number(words[1]), words[2]);
    else if (is(words, "commit"))
        done(VirtualAlloc(view + number(words[1]), (SIZE_T)number(words[2]), MEM_COMMIT, PAGE_READWRITE) != NULL);
    else if (is(words, "flush"))
        done(FlushViewOfFile(view, 0));
    else if (is(words, "cut"))
        cut(words[1], number(words[2]));
    else if (is(words, "close"))
        done(CloseHandle(section));
    else
        printf("unknown\n");
}
