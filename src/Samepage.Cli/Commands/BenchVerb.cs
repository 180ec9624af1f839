using System.CommandLine;
using System.Globalization;
using Samepage.Channels;
using Samepage.Cli.Bench;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>How fast a channel is on this machine, beside what the system has.</summary>
internal sealed class BenchVerb : Verb
{
    private const double LeastSeconds = 0.1, MostSeconds = 3600, UsualSeconds = 2;
    private const int UsualSize = 64;

    private static readonly string _channels = string.Join(", ", Enum.GetNames<BenchChannel>()).ToLowerInvariant();

    private readonly Argument<BenchChannel?> _channel = new("CHANNEL")
    {
        Description = "What is measured. Default: topic.",
        HelpName = "topic|queue|pipe|service",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = a =>
        {
            string text = a.Tokens[^1].Value;
            if (Enum.GetNames<BenchChannel>().Contains(text, StringComparer.OrdinalIgnoreCase))
                return Enum.Parse<BenchChannel>(text, ignoreCase: true);
            a.AddError($"\"{text}\" is no channel in which a message goes there and back. Choose from {_channels}.");
            return null;
        },
    };
    private readonly Option<int?> _size = MessageSize();
    private readonly Option<double?> _seconds = new("--seconds")
    {
        Description = "How long to measure, all together. Default: 2.",
        HelpName = "SECONDS",
        CustomParser = a =>
        {
            string text = a.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= LeastSeconds and <= MostSeconds)
                return seconds;
            a.AddError(Shown.Invariant($"\"{text}\" is no time to measure. Write a number of seconds from {LeastSeconds} to {MostSeconds}."));
            return null;
        },
    };
    private readonly Option<bool> _spin = Spin();
    private readonly Option<bool> _json = Common.Json();

    public BenchVerb(Session session)
        : base(session, "bench",
            "Measure round trips between two processes on this machine: through a channel of Samepage, an anonymous pipe and a Unix socket, in turn. " +
            "Prints messages a second, percentiles and a picture of how the times are spread.",
            "samepage bench",
            "samepage bench queue --size 4K --seconds 10",
            "samepage bench service --spin",
            "samepage bench --json | jq '.routes[] | {name, p50}'")
    {
        Add(_channel);
        Add(_size);
        Add(_seconds);
        Add(_spin);
        Add(_json);
    }

    internal static Option<int?> MessageSize() => new("--size")
    {
        Description = "Bytes of a message, from 8 to 1M. Default: 64.",
        HelpName = "BYTES",
        CustomParser = a =>
        {
            string text = a.Tokens[^1].Value;
            if (ByteCount.TryParse(text, out long bytes) && bytes is >= BenchJob.Smallest and <= BenchJob.Largest)
                return (int)bytes;
            a.AddError($"\"{text}\" is no size of these messages. Write a number of bytes from 8 to 1M.");
            return null;
        },
    };

    internal static Option<bool> Spin() => Common.Switch("--spin", "Samepage spins and never sleeps: the least latency there is, for a processor on each side.");

    internal static BenchJob Job(int? size, bool spins) => new(size ?? UsualSize, spins ? WaitStrategy.BusySpin : WaitStrategy.SpinThenBlock);

    protected override int Run(ParseResult line)
    {
        BenchJob job = Job(line.GetValue(_size), line.GetValue(_spin));
        TimeSpan time = TimeSpan.FromSeconds(line.GetValue(_seconds) ?? UsualSeconds);
        bool json = line.GetValue(_json);
        if (!json)
            BenchSheet.WriteHeading(Session.Terminal, job, time);
        BenchReport report = Contest.Run(line.GetValue(_channel) ?? BenchChannel.Topic, job, time, Session.Ended);
        if (json)
            Json.Write(Session.Terminal.Out, BenchJson.Of(report), Json.Context.BenchJson);
        else
            BenchSheet.WriteFigures(Session.Terminal, report);
        return ExitCodes.Success;
    }
}
