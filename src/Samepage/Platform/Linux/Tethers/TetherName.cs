using System.Globalization;
using System.Text;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>The file name of a tether.</summary>
/// <remarks>
/// <code>
/// .tether-ID                          of a process
/// .tether-ID-INODE-CREATED-PROCESS    of a process that takes part in an object: a listing of the directory gives an object's participants
/// </code>
/// ID has sixteen hexadecimal digits; INODE and CREATED are hexadecimal, PROCESS is decimal. No object's name begins with a dot.
/// </remarks>
/// <param name="Id">Drawn by lot, and never used again.</param>
/// <param name="Object">What its holder takes part in, or null.</param>
/// <param name="ProcessId">The holder, for people: nothing rests on it. 0 when it is not told.</param>
internal readonly record struct TetherName(long Id, ObjectIdentity? Object, int ProcessId)
{
    private const string Prefix = ".tether-";
    private const int IdDigits = 16;

    public static TetherName New(ObjectIdentity? of) =>
        new(Random.Shared.NextInt64(1, long.MaxValue), of, of is null ? 0 : Environment.ProcessId);

    /// <summary>That of a process, which takes part in no object by it.</summary>
    public static TetherName OfProcess(ulong id) => new((long)id, null, 0);

    /// <summary>True for the terminated file name of a tether, whatever lies there.</summary>
    public static bool IsNameOf(ReadOnlySpan<byte> fileName) =>
        fileName.StartsWith(".tether-"u8) && TryParse(Encoding.UTF8.GetString(fileName[..^1]), out _);

    public static bool TryParse(string fileName, out TetherName name)
    {
        name = default;
        if (!fileName.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        string[] parts = fileName[Prefix.Length..].Split('-');
        if (parts[0].Length != IdDigits || !TryHex(parts[0], out ulong id))
            return false;
        switch (parts.Length)
        {
            case 1:
                name = new TetherName((long)id, null, 0);
                break;
            case 4 when TryHex(parts[1], out ulong inode) && TryHex(parts[2], out ulong created)
                && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int process):
                name = new TetherName((long)id, new ObjectIdentity(inode, (long)created), process);
                break;
            default:
                return false;
        }
        // Other forms would be read as well (capitals, zeros in front): only the one that is written is ours.
        return name.ToString() == fileName;
    }

    public byte[] Encode() => Encoding.ASCII.GetBytes(ToString() + '\0');

    public override string ToString() => Object is { } of
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Id:x16}-{of.Inode:x}-{of.Created:x}-{ProcessId}")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Id:x16}");

    private static bool TryHex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
