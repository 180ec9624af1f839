using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>How a service is made, as several verbs let it be said.</summary>
internal sealed class ServiceSettings
{
    /// <summary>What the tool makes is for commands, whose input and output are longer than the requests of programs.</summary>
    public const int DefaultBytes = 64 << 10;

    /// <summary>Of each answer its length, which takes room as well.</summary>
    public const int BeforeAnswer = sizeof(long);

    private readonly Option<long?> _request = Bytes("--max-request", "If the service is made: the longest request. Default: 64K.");
    private readonly Option<long?> _answer = Bytes("--max-answer", "If the service is made: the longest answer; one in parts (call --stream) may be of any length. Default: 64K.");

    public void AddTo(Command command)
    {
        command.Add(_request);
        command.Add(_answer);
    }

    public ServiceOptions Options(ParseResult line) => new()
    {
        LongestRequest = Limited(line.GetValue(_request)),
        ResponseRoom = Limited(line.GetValue(_answer)) + BeforeAnswer,
    };

    private static int Limited(long? bytes) => (int)Math.Min(bytes ?? DefaultBytes, int.MaxValue - BeforeAnswer);

    private static Option<long?> Bytes(string name, string description) => new(name) { Description = description, HelpName = "BYTES", CustomParser = a => ByteCount.Parse(a) };
}
