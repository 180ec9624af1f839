using System.Runtime.InteropServices;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Who may open a new object (W20), as a security descriptor: its maker and the system in full, others as they were let in.</summary>
/// <remarks>
/// The default of a process would do for most, but an elevated process's default names the administrators instead of the user, and then the
/// same user's other programs are shut out.
/// <code>
///  0   revision 1, control: self-relative, list present and protected; owner, group, system list: none
/// 20   access control list: revision 2, its length, number of entries
/// 28   entries: type 0 (allowed), flags 0, length, rights (generic), security identifier
/// </code>
/// </remarks>
internal static unsafe class ObjectSecurity
{
    private const int DescriptorLength = 20;
    private const int ListHeaderLength = 8;
    private const int EntryHeaderLength = 8;
    private const ushort Control = 0x8000 | 0x1000 | 0x0004;  // SE_SELF_RELATIVE, SE_DACL_PROTECTED, SE_DACL_PRESENT

    private static readonly byte[] _system = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];     // S-1-5-18
    private static readonly byte[] _everyone = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];    // S-1-1-0

    public static byte[] DescriptorFor(SharedAccess access)
    {
        List<(byte[] Who, uint Rights)> entries = [(Identity(Win32.TokenUser), Win32.GenericAll), (_system, Win32.GenericAll)];
        if (access != SharedAccess.User)
        {
            bool everyone = access is SharedAccess.Everyone or SharedAccess.EveryoneRead;
            bool change = access is SharedAccess.Everyone or SharedAccess.Group;
            entries.Add((everyone ? _everyone : Identity(Win32.TokenPrimaryGroup),
                Win32.GenericRead | (change ? Win32.GenericWrite | Win32.GenericExecute : 0)));
        }

        int listLength = ListHeaderLength + entries.Sum(e => EntryHeaderLength + e.Who.Length);
        var descriptor = new byte[DescriptorLength + listLength];
        Span<byte> at = descriptor;
        at[0] = 1;
        MemoryMarshal.Write(at[2..], Control);
        MemoryMarshal.Write(at[16..], DescriptorLength);
        at = at[DescriptorLength..];
        at[0] = 2;
        MemoryMarshal.Write(at[2..], (ushort)listLength);
        MemoryMarshal.Write(at[4..], (ushort)entries.Count);
        at = at[ListHeaderLength..];
        foreach ((byte[] who, uint rights) in entries)
        {
            MemoryMarshal.Write(at[2..], (ushort)(EntryHeaderLength + who.Length));
            MemoryMarshal.Write(at[4..], rights);
            who.CopyTo(at[EntryHeaderLength..]);
            at = at[(EntryHeaderLength + who.Length)..];
        }
        return descriptor;
    }

    /// <summary>The token of this process, for questions about it.</summary>
    public static KernelHandle OpenToken()
    {
        nint token;
        return Kernel32.OpenProcessToken(Win32.CurrentProcess, Win32.TokenQuery, &token) != 0
            ? new KernelHandle(token)
            : throw WindowsErrors.Translate("OpenProcessToken", WindowsErrors.Last, "Asking who this process runs as");
    }

    private static byte[] Identity(int kind)
    {
        using KernelHandle token = OpenToken();
        const int Room = 256;
        byte* buffer = stackalloc byte[Room];
        uint needed;
        if (Kernel32.GetTokenInformation(token, kind, buffer, Room, &needed) == 0)
            throw WindowsErrors.Translate("GetTokenInformation", WindowsErrors.Last, "Asking who this process runs as");
        // SAFETY: both kinds begin with a pointer to an identifier that lies in the same buffer.
        byte* sid = ((TokenSid*)buffer)->Sid;
        return new ReadOnlySpan<byte>(sid, (int)Kernel32.GetLengthSid(sid)).ToArray();
    }
}
