using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Sets an event.</summary>
internal sealed class SetVerb : Verb
{
    private readonly Argument<string> _name = Common.Name("Name of the event.");

    public SetVerb(Session session)
        : base(session, "set", "Set an event: releases one waiter (auto) or all (manual).", "samepage set ready") => Add(_name);

    protected override int Run(ParseResult line)
    {
        using SharedEvent signal = SharedEvent.Open(line.GetRequiredValue(_name));
        signal.Set();
        Session.Terminal.Say($"set {Shown.Name(signal.Name)}");
        return ExitCodes.Success;
    }
}
