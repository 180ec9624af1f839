using System.Globalization;

namespace Samepage.Hostile;

/// <summary>The command line: <c>[--seed N] [--mutations N] [--minutes N] [--kind K]… [--found DIRECTORY] [--no-minimise] | --replay FILE-OR-DIRECTORY</c>.</summary>
internal sealed record Options
{
    public int Seed { get; init; } = 1;

    /// <summary>Over all kinds.</summary>
    public long Mutations { get; init; } = long.MaxValue;

    /// <summary>Over all kinds.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);

    public IReadOnlyCollection<string> Kinds { get; init; } = SceneCatalog.Kinds;

    /// <summary>Where failures are written.</summary>
    public string Found { get; init; } = Path.Combine(Path.GetTempPath(), "samepage-hostile");

    public bool Minimise { get; init; } = true;

    public string? Replay { get; init; }

    public static Options Read(string[] args)
    {
        var options = new Options();
        List<string> kinds = [];
        for (int i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
            switch (args[i])
            {
                case "--seed":
                    options = options with { Seed = int.Parse(Value(), CultureInfo.InvariantCulture) };
                    break;
                case "--mutations":
                    options = options with { Mutations = long.Parse(Value(), CultureInfo.InvariantCulture) };
                    break;
                case "--minutes":
                    options = options with { Time = TimeSpan.FromMinutes(double.Parse(Value(), CultureInfo.InvariantCulture)) };
                    break;
                case "--kind":
                    kinds.Add(Value());
                    break;
                case "--found":
                    options = options with { Found = Value() };
                    break;
                case "--no-minimise":
                    options = options with { Minimise = false };
                    break;
                case "--replay":
                    options = options with { Replay = Value() };
                    break;
                default:
                    throw new ArgumentException($"\"{args[i]}\" is not understood.");
            }
        }
        return kinds.Count == 0 ? options : options with { Kinds = kinds };
    }
}
