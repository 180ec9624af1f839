using System.Globalization;

namespace Samepage.Hostile;

/// <summary>Bytes that were written into an object's file.</summary>
/// <param name="File">The file's name in its directory.</param>
/// <param name="Offset">Where.</param>
/// <param name="Bytes">What.</param>
internal sealed record Mutation(string File, long Offset, byte[] Bytes)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File} {Offset} {Convert.ToHexString(Bytes)}");

    public static Mutation Parse(string line)
    {
        string[] parts = line.Split(' ');
        return new Mutation(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), Convert.FromHexString(parts[2]));
    }
}
