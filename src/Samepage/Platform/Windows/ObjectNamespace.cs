using Samepage.Platform.Windows.Interop;
using Samepage.Platform.Windows.Tethers;

namespace Samepage.Platform.Windows;

/// <summary>The kernel's directories of named objects: the session's, and that of the machine.</summary>
internal static unsafe class ObjectNamespace
{
    private const int MostReadings = 8;

    /// <summary>The directory behind a scope. In session 0, where services run, both are the same.</summary>
    public static string DirectoryOf(SharedObjectScope scope) => scope == SharedObjectScope.Global || ThisProcess.Session == 0
        ? @"\BaseNamedObjects"
        : $@"\Sessions\{ThisProcess.Session}\BaseNamedObjects";

    /// <summary>Names and kinds of what is there now and is of the four kinds, without what the library itself needs beside them.</summary>
    public static IEnumerable<(ObjectName Name, SharedObjectKind Kind)> List(SharedObjectScope scope) =>
        ListAll(scope).Where(static found => !IsBeside(found.Name.Bare));

    /// <summary>Also that.</summary>
    /// <remarks>
    /// The system counts entries by their place, so a name that comes or goes meanwhile moves others, which are then met twice or not at all. The directory is
    /// read until it is found as it was the time before; where names come and go without end, <see cref="MostReadings"/> times. What any reading met is
    /// reported, once. Only where names vanish all the time may one that stands be missed, if every reading passed it over.
    /// </remarks>
    public static HashSet<(ObjectName Name, SharedObjectKind Kind)> ListAll(SharedObjectScope scope)
    {
        var found = new HashSet<(ObjectName, SharedObjectKind)>();
        HashSet<(ObjectName, SharedObjectKind)>? before = null;
        using KernelHandle directory = Open(scope);
        for (int reading = 0; reading < MostReadings; reading++)
        {
            var now = new HashSet<(ObjectName, SharedObjectKind)>();
            Read(directory, scope, now);
            found.UnionWith(now);
            if (before is not null && now.SetEquals(before))
                break;
            before = now;
        }
        return found;
    }

    private static void Read(KernelHandle directory, SharedObjectScope scope, HashSet<(ObjectName, SharedObjectKind)> found)
    {
        var buffer = new byte[1024];
        uint context = 0;
        while (true)
        {
            int status;
            // SAFETY: the entry and its strings lie in the buffer, which stays where it is until they are copied.
            fixed (byte* room = buffer)
            {
                // One at a time: the form that every system has.
                status = Ntdll.QueryDirectoryObject(directory, room, (uint)buffer.Length, 1, 0, &context, null);
                if (status >= 0 && status != Win32.NoMoreEntries && Entry((DirectoryEntry*)room, scope) is { } entry)
                    found.Add(entry);
            }
            if (status == Win32.BufferTooSmall)
                buffer = new byte[buffer.Length * 2];
            else if (status == Win32.NoMoreEntries)
                return;
            else if (status < 0)
                throw Failed("NtQueryDirectoryObject", status, scope);
        }
    }

    public static KernelHandle Open(SharedObjectScope scope)
    {
        string path = DirectoryOf(scope);
        nint handle;
        int status;
        fixed (char* p = path)
        {
            var name = new UnicodeString { Buffer = p, Length = (ushort)(path.Length * sizeof(char)), Capacity = (ushort)(path.Length * sizeof(char)) };
            var attributes = new ObjectAttributes { Length = (uint)sizeof(ObjectAttributes), Name = &name };
            status = Ntdll.OpenDirectoryObject(&handle, Win32.DirectoryQuery | Win32.DirectoryTraverse, &attributes);
        }
        return status >= 0 ? new KernelHandle(handle) : throw Failed("NtOpenDirectoryObject", status, scope);
    }

    private static (ObjectName Name, SharedObjectKind Kind)? Entry(DirectoryEntry* entry, SharedObjectScope scope)
    {
        SharedObjectKind? kind = entry->Type.ToString() switch
        {
            "Section" => SharedObjectKind.Section,
            "Mutant" => SharedObjectKind.Mutex,
            "Event" => SharedObjectKind.Event,
            "Semaphore" => SharedObjectKind.Semaphore,
            _ => null,
        };
        string bare = entry->Name.ToString();
        return kind is { } known && bare.Length > 0 ? (ObjectName.Found(scope, bare), known) : null;
    }

    private static bool IsBeside(string bare) => CompanionName.Is(bare) || PartName.Is(bare) || MemberName.Is(bare) || ProcessName.Is(bare);

    private static SharedObjectException Failed(string call, int status, SharedObjectScope scope) =>
        WindowsErrors.TranslateStatus(call, status, $"Looking into the directory {DirectoryOf(scope)}");
}
