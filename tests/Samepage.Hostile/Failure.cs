using System.Globalization;

namespace Samepage.Hostile;

/// <summary>A victim that did not come back with an error.</summary>
/// <param name="Kind">Of the objects.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Epoch">Whose objects they were.</param>
/// <param name="AtRest">Whether they were attacked while nobody used them.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Mutations">What was written, in order.</param>
internal sealed record Failure(string Kind, int Seed, long Epoch, bool AtRest, string Fault, IReadOnlyList<Mutation> Mutations)
{
    public void Save(string path) => File.WriteAllLines(path,
    [
        string.Create(CultureInfo.InvariantCulture, $"{Kind} {Seed} {Epoch} {(AtRest ? "rest" : "use")}"),
        .. Fault.Split('\n').Select(l => "# " + l.TrimEnd()),
        .. Mutations.Select(m => m.ToString()),
    ]);

    public static Failure Load(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] head = lines[0].Split(' ');
        return new Failure(head[0], int.Parse(head[1], CultureInfo.InvariantCulture), long.Parse(head[2], CultureInfo.InvariantCulture), head[3] == "rest",
            string.Join('\n', lines.Where(l => l.StartsWith('#')).Select(l => l[2..])),
            [.. lines.Skip(1).Where(l => !l.StartsWith('#') && l.Length > 0).Select(Mutation.Parse)]);
    }
}
