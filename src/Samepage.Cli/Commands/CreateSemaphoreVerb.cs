using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Makes a semaphore.</summary>
internal sealed class CreateSemaphoreVerb : CreateKindVerb
{
    private readonly Option<int?> _initial = new("--initial") { Description = "Permits at the start. Default: 0.", HelpName = "COUNT", CustomParser = Count.AtLeast(0) };
    private readonly Option<int?> _max = new("--max")
    {
        Description = "The most permits there may be. Default: no limit but that of the number.",
        HelpName = "COUNT",
        CustomParser = Count.AtLeast(1),
    };

    public CreateSemaphoreVerb(Session session)
        : base(session, "semaphore", "Make a semaphore and hold it.", SignalAccess, "samepage create semaphore slots --initial 4 --max 4")
    {
        Add(_initial);
        Add(_max);
        AddShared();
    }

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        int initial = line.GetValue(_initial) ?? 0;
        int max = line.GetValue(_max) ?? int.MaxValue;
        if (initial > max)
            throw new UsageException("--initial lies between 0 and --max.");
        details = Shown.Invariant($" ({initial:N0} of {max:N0})");
        return SharedSemaphore.Create(name, initial, max, access);
    }
}
