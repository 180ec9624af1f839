using System.Globalization;
using System.Text;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>A section as a line of text that another process turns into a handle: inherited, or taken from the process that offers it (W18).</summary>
/// <remarks>
/// <code>samepage:WAY:PROCESS:DESCRIPTOR:ACCESS:DEVICE:INODE:SIZE</code>
/// Way <c>i</c>: the descriptor was inherited and has the same number here. Way <c>o</c>: it is opened through the offering process.
/// Device and inode must match what is found: a text that has gone stale never yields a stranger's file. Size is 0 where a header says it.
/// The lender's descriptor is an open file description of its own, so that no close in one process touches the lock of another.
/// </remarks>
internal static unsafe class SectionHandleText
{
    private const string Prefix = "samepage";

    public static IDisposable Lend(LinuxSection section, bool inherited, out string text)
    {
        ObjectFile file = section.Lendable;
        int flags = (section.Access.WritesThrough() ? Native.ReadWrite : Native.ReadOnly) | (inherited ? 0 : Native.CloseOnExec);
        int descriptor = Reopen("self", file.Descriptor, flags);
        if (descriptor < 0)
            throw LinuxErrors.Translate("openat", LinuxErrors.Last, $"Lending section \"{section.Name}\"", section.Name, SharedObjectKind.Section);
        // Never takes the lock alone: a child may share this very description. It is dropped, and then the name is looked after.
        ObjectFile lent = file.Reopened(descriptor, writable: false);
        FileStatus status = ObjectDirectory.StatusOf(descriptor, section.Name);
        text = string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}:{(inherited ? 'i' : 'o')}:{Environment.ProcessId}:{descriptor}:{(int)section.Access}:{status.Device}:{status.Inode}:{section.SizeWithoutHeader}");
        return lent;
    }

    public static LinuxSection Adopt(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length != 8 || parts[0] != Prefix || parts[1] is not ("i" or "o")
            || !Number(parts[2], out long process) || !Number(parts[3], out long number) || number > int.MaxValue
            || !Number(parts[4], out long access) || access > (long)MemoryAccess.CopyOnWriteExecute
            || !ulong.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out ulong device)
            || !ulong.TryParse(parts[6], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            || !Number(parts[7], out long size))
            throw new ArgumentException($"\"{text}\" is no handle of a section.", nameof(text));

        bool inherited = parts[1] == "i";
        var wanted = (MemoryAccess)access;
        int descriptor = Reopen(inherited ? "self" : parts[2], (int)number,
            (wanted.WritesThrough() ? Native.ReadWrite : Native.ReadOnly) | Native.CloseOnExec);
        if (descriptor < 0)
            throw Stale(text, process, inherited, LinuxErrors.Last);
        LinuxSection section = SectionFactory.FromDescriptor(descriptor, wanted, size, device, inode)
            ?? throw Stale(text, process, inherited, Errno.EBADF);
        if (inherited)
            _ = LibC.Close((int)number);
        return section;
    }

    private static int Reopen(string process, int descriptor, int flags)
    {
        fixed (byte* path = Encoding.ASCII.GetBytes($"/proc/{process}/fd/{descriptor}\0"))
            return LibC.OpenAt(Native.CurrentDirectory, path, flags, 0);
    }

    private static bool Number(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static SharedObjectException Stale(string text, long process, bool inherited, int error) => LinuxErrors.IsShortage(error)
        ? LinuxErrors.Translate("openat", error, $"Taking the handle \"{text}\"", null, SharedObjectKind.Section)
        : new(
            error is Errno.EACCES or Errno.EPERM ? FailureReason.AccessDenied : FailureReason.NotFound,
            inherited
                ? $"The handle \"{text}\" was not inherited by this process. Start the child before the local copy is disposed, and pass each handle once."
                : $"The handle \"{text}\" cannot be taken from process {process}: the process ended, closed it, or belongs to another user. Keep the offer until it was taken.",
            null, SharedObjectKind.Section, "openat", error);
}
