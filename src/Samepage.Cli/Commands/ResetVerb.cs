using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Resets an event.</summary>
internal sealed class ResetVerb : Verb
{
    private readonly Argument<string> _name = Common.Name("Name of the event.");

    public ResetVerb(Session session)
        : base(session, "reset", "Reset an event: takes back a signal that nobody took.", "samepage reset ready") => Add(_name);

    protected override int Run(ParseResult line)
    {
        using SharedEvent signal = SharedEvent.Open(line.GetRequiredValue(_name));
        signal.Reset();
        Session.Terminal.Say($"reset {Shown.Name(signal.Name)}");
        return ExitCodes.Success;
    }
}
