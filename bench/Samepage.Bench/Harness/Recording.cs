using System.Text.Encodings.Web;
using System.Text.Json;

namespace Samepage.Bench.Harness;

/// <summary>The ratios of a run as a file: what later runs are held against.</summary>
internal sealed record Recording(string Machine, DateTime Date, IReadOnlyList<Recording.Entry> Rows)
{
    /// <param name="Median">Over the rounds, as the other two.</param>
    internal sealed record Entry(string Case, string Against, double Median, double P10, double P90, bool MoreIsBetter);

    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, Machine machine, IEnumerable<GuardedRatio> ratios)
    {
        var recording = new Recording($"{machine.Processor}, {machine.Processors} processors; {machine.System}; {machine.Runtime}", machine.Date,
            [.. ratios.Select(r => new Entry(r.Case, r.Against, Rounded(r.Ratio.Median), Rounded(r.Ratio.P10), Rounded(r.Ratio.P90), r.MoreIsBetter))]);
        File.WriteAllText(path, JsonSerializer.Serialize(recording, _options) + "\n");
    }

    /// <exception cref="IOException">The file cannot be read, or holds something else.</exception>
    public static IReadOnlyList<GuardedRatio> Read(string path)
    {
        try
        {
            Recording recording = JsonSerializer.Deserialize<Recording>(File.ReadAllText(path), _options)!;
            return [.. recording.Rows.Select(e => new GuardedRatio(e.Case, e.Against, new Statistics(e.Median, e.P10, e.P90), e.MoreIsBetter))];
        }
        catch (JsonException e)
        {
            throw new IOException($"\"{path}\" does not hold recorded ratios: {e.Message}", e);
        }
    }

    /// <summary>Four digits: the file is read and compared by people too.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("G4"));
}
