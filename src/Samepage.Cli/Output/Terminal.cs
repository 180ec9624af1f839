using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>Where the tool prints. At a terminal with tables and colours, elsewhere plain lines that stay the same from release to release.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly Lazy<IAnsiConsole> _console;
    private readonly Lazy<IAnsiConsole> _errorConsole;
    private readonly Lazy<TextWriter> _out;

    public Terminal()
    {
        IsOutputTerminal = !Console.IsOutputRedirected;
        _out = new Lazy<TextWriter>(() => IsOutputTerminal
            ? Console.Out
            : new StreamWriter(OpenOutput(), new UTF8Encoding(false), bufferSize: 16384) { NewLine = "\n" });
        _console = new Lazy<IAnsiConsole>(() => AnsiConsole.Console);
        _errorConsole = new Lazy<IAnsiConsole>(() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
    }

    public bool IsOutputTerminal { get; }

    /// <summary>A terminal that takes cursor movements: for what redraws itself.</summary>
    public bool CanRedraw => IsOutputTerminal && Rich.Profile.Capabilities.Ansi;

    public bool CanRedrawError => !Console.IsErrorRedirected && RichError.Profile.Capabilities.Ansi;

    /// <summary>Plain text.</summary>
    public TextWriter Out => _out.Value;

    /// <summary>Tables and colours; only where <see cref="IsOutputTerminal"/>.</summary>
    public IAnsiConsole Rich => _console.Value;

    public IAnsiConsole RichError => _errorConsole.Value;

    /// <summary>A line that somebody may be waiting for: it goes out at once.</summary>
    public void Say(string text)
    {
        Out.WriteLine(text);
        Out.Flush();
    }

    /// <summary>A line beside the data: a remark or the reason of a failure.</summary>
    public void Remark(string text)
    {
        if (_out.IsValueCreated)
            Out.Flush();
        Console.Error.WriteLine("samepage: " + text);
    }

    /// <summary>The bytes of standard output.</summary>
    /// <remarks>
    /// The console's own stream hides that the reader of a pipe has gone, and a verb without end would go on for nobody. A file stream
    /// tells, but keeps a position of its own in a file that others may append to as well: so each where it is right.
    /// </remarks>
    public static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!direct.CanSeek)
                return direct;
        }
        return Console.OpenStandardOutput();
    }

    /// <summary>A terminal obeys control characters. Zeros, which follow the text in most sections, it ignores.</summary>
    public static void RefuseUnprintable(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0) or 0x7f)
                throw new IOException("this is not text, and a terminal would obey some of it. Use dump or --hex, --file, or redirect the output.");
        }
    }

    public void Dispose()
    {
        try
        {
            if (_out.IsValueCreated)
                _out.Value.Flush();
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }
}
