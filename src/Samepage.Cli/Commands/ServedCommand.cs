using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Samepage.Channels;
using Samepage.Cli.Output;

namespace Samepage.Cli.Commands;

/// <summary>One run of the command that <c>serve</c> answers with: the request is its input, its output the answer.</summary>
internal sealed class ServedCommand : IDisposable
{
    private const int PartBytes = 16 << 10;

    /// <summary>Of its error output, the end.</summary>
    private const int KeptErrors = 1024;

    /// <summary>Of the message of a call that failed, in UTF-8.</summary>
    private const int LongestFailure = 192;

    private readonly Process _process;
    private readonly ServiceRequest _request;
    private readonly CancellationToken _stopped;

    private ServedCommand(Process process, ServiceRequest request, CancellationToken stopped) => (_process, _request, _stopped) = (process, request, stopped);

    /// <summary>Runs the command to its end and answers. When the tool ends first the request is left as it is, for whoever serves next.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="longest">The longest answer in one part.</param>
    /// <param name="ended">The tool ends.</param>
    /// <returns>Why it could not be answered; null: it was, or nobody wants that any more.</returns>
    public static async Task<string?> AnswerAsync(string[] command, ServiceRequest request, int longest, CancellationToken ended)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken, ended);
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        using var run = new ServedCommand(process, request, stop.Token);
        string? failure;
        try
        {
            process.Start();
            failure = await run.AnswerAsync(longest);
        }
        catch (Win32Exception e)
        {
            failure = $"{Shown.Name(command[0])} cannot be started: {(e.NativeErrorCode == 0 ? e.Message : new Win32Exception(e.NativeErrorCode).Message)}";
        }
        catch (OperationCanceledException)
        {
            failure = "";
        }
        if (failure is null || ended.IsCancellationRequested)
            return null;
        // Also when nobody wants it: only then its place is free.
        return request.Fail(failure) ? failure : null;
    }

    public void Dispose() => _process.Dispose();

    /// <summary>What a client is told of a command that failed: its code, and as much of the end of its error output as there is room for.</summary>
    public static string Failure(int code, string errors)
    {
        string text = string.Join(' ', errors.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        string what = Shown.Invariant($"exit code {code}");
        if (text.Length == 0)
            return what;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int room = LongestFailure - what.Length - ": ".Length;
        if (bytes.Length <= room)
            return $"{what}: {text}";
        int begin = bytes.Length - (room - Encoding.UTF8.GetByteCount("…"));
        // Not in the midst of a character.
        while ((bytes[begin] & 0xC0) == 0x80)
            begin++;
        return $"{what}: …{Encoding.UTF8.GetString(bytes.AsSpan(begin))}";
    }

    private async Task<string?> AnswerAsync(int longest)
    {
        using CancellationTokenRegistration kills = _stopped.UnsafeRegister(static run => ((ServedCommand)run!).Kill(), this);
        Task sending = SendAsync(_request.Span.ToArray());
        Task<string> errors = ErrorsAsync();
        byte[]? answer = _request.IsStream ? null : await WholeAsync(longest);
        if (_request.IsStream)
            await StreamAsync(longest);
        else if (answer is null)
            return Shown.Invariant($"the answer has more than {longest:N0} bytes: it has to be asked for in parts, as a stream");
        await sending;
        string told = await errors;
        await _process.WaitForExitAsync(_stopped);
        if (_process.ExitCode != 0)
            return Failure(_process.ExitCode, told);
        _ = answer is null ? _request.Complete() : _request.Reply(answer);
        return null;
    }

    private async Task SendAsync(byte[] request)
    {
        try
        {
            await using Stream input = _process.StandardInput.BaseStream;
            await input.WriteAsync(request, _stopped).AsTask().WaitAsync(_stopped);
        }
        catch (IOException)
        {
            // It does not read all of its input: that is its own affair.
        }
    }

    private async Task StreamAsync(int longest)
    {
        byte[] part = new byte[Math.Min(longest, PartBytes)];
        for (int count; (count = await ReadAsync(_process.StandardOutput.BaseStream, part)) > 0;)
        {
            if (!await _request.WriteAsync(part.AsMemory(0, count)))
            {
                Kill();
                throw new OperationCanceledException();
            }
        }
    }

    /// <summary>All that it prints; null: that is too long, and it is killed.</summary>
    private async Task<byte[]?> WholeAsync(int longest)
    {
        using var answer = new MemoryStream();
        byte[] part = new byte[PartBytes];
        for (int count; (count = await ReadAsync(_process.StandardOutput.BaseStream, part)) > 0;)
        {
            answer.Write(part, 0, count);
            if (answer.Length <= longest)
                continue;
            Kill();
            return null;
        }
        return answer.ToArray();
    }

    private async Task<string> ErrorsAsync()
    {
        byte[] kept = new byte[2 * KeptErrors];
        int filled = 0;
        for (int count; (count = await ReadAsync(_process.StandardError.BaseStream, kept.AsMemory(filled))) > 0;)
        {
            filled += count;
            int over = Math.Max(0, filled - KeptErrors);
            kept.AsSpan(over, filled - over).CopyTo(kept);
            filled -= over;
        }
        return Encoding.UTF8.GetString(kept, 0, filled);
    }

    // What the command has started may keep its output open when it is gone: nobody waits for that.
    private Task<int> ReadAsync(Stream stream, Memory<byte> room) => stream.ReadAsync(room, CancellationToken.None).AsTask().WaitAsync(_stopped);

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended.
        }
    }
}
