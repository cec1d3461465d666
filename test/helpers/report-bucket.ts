import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { rootKeys } from './s3-server.ts'

/** A bucket as an outsider sees it, by a client of its own. */
export class ReportBucket {
  readonly name: string
  readonly #client: S3Client

  private constructor(name: string, client: S3Client) {
    this.name = name
    this.#client = client
  }

  static async create(url: string, name: string): Promise<ReportBucket> {
    const client = new S3Client({
      endpoint: url,
      region: 'eu-central-1',
      credentials: rootKeys,
      forcePathStyle: true,
    })
    await client.send(new CreateBucketCommand({ Bucket: name }))
    return new ReportBucket(name, client)
  }

  /** Lets an account do these things to these keys. */
  async allow(user: string, actions: readonly string[], keys: string): Promise<void> {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: [user] },
      Action: actions,
      Resource: [`arn:aws:s3:::${this.name}/${keys}`],
    }
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await this.#client.send(new PutBucketPolicyCommand({ Bucket: this.name, Policy }))
  }

  async keys(): Promise<string[]> {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.name }))
    return Contents.map(({ Key = '' }) => Key)
  }

  async read(key: string): Promise<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }))
    if (Body === undefined) throw new Error(`${key} has no content`)
    return await Body.transformToByteArray()
  }

  async text(key: string): Promise<string> {
    return Buffer.from(await this.read(key)).toString('utf8')
  }

  /** What does not agree with the manifest below the prefix; empty for a report that is whole. */
  async differences(prefix: string): Promise<string[]> {
    const manifest = JSON.parse(await this.text(`${prefix}/manifest.json`)) as {
      files: { path: string; bytes: number; sha256: string }[]
    }
    const found: string[] = []
    for (const { path, bytes, sha256 } of manifest.files) {
      const content = await this.read(`${prefix}/${path}`)
      const hash = createHash('sha256').update(content).digest('hex')
      if (content.byteLength !== bytes || hash !== sha256) found.push(path)
    }
    return found
  }

  close(): void {
    this.#client.destroy()
  }
}
